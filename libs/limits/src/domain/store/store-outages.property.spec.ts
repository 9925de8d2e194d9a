import { limited } from '../../../../../test/support/limited.js';
import { fc } from '../../../../../test/support/properties.js';
import {
  HeldTokens,
  Story,
  type StoryGateway,
  story,
  within,
} from '../../../../../test/support/store-story.js';

const LIMIT = 12;
/** To make a story shorter takes minutes, and its end tells as much. */
const RUNS = { numRuns: 60, endOnFailure: true };

describe('gateways that go on alone while their store is away', () => {
  it('let in no more requests than that each in any minute, before, meanwhile and afterwards', async () => {
    const whose = [limited({ requestsPerMinute: LIMIT })];
    await fc.assert(
      fc.asyncProperty(story, async steps => {
        const tale = await new Story('open').begin();
        const { store } = tale;
        const admitted = new Map<StoryGateway, number[]>();
        let most = 0;
        for (const step of steps) {
          store.time += step.waitMs;
          if (step.what === 'call') {
            await tale.call(step.who, step.calls, async (gateway, id) => {
              await gateway.requests.enter(id, whose);
              const times = admitted.get(gateway) ?? [];
              admitted.set(gateway, times);
              times.push(store.time);
              most = Math.max(most, within(times, store.time));
            });
          } else {
            await tale.befall(step);
          }
        }
        expect(most).toBeLessThanOrEqual(LIMIT);
      }),
      RUNS,
    );
  });

  it('hold no more tokens than that each in any minute, whatever is used of them', async () => {
    const whose = [limited({ tokensPerMinute: LIMIT * 10 })];
    await fc.assert(
      fc.asyncProperty(story, async steps => {
        const tale = await new Story('open').begin();
        const held = new HeldTokens(tale.store, whose, true);
        for (const { what, who, calls, fate, waitMs } of steps) {
          tale.store.time += waitMs;
          if (what === 'call') {
            await tale.call(who, calls, gateway => held.take(gateway, 10 + ((calls * 17) % 90)));
          } else if (what === 'end') {
            held.settle(calls);
          } else {
            await tale.befall({ what, who, calls, fate, waitMs });
          }
        }
        expect(held.most).toBeLessThanOrEqual(LIMIT * 10);
      }),
      RUNS,
    );
  });
});
