import { limited } from '../../../../../test/support/limited.js';
import { fc } from '../../../../../test/support/properties.js';
import {
  HeldTokens,
  type StoryGateway,
  Story,
  story,
  within,
} from '../../../../../test/support/store-story.js';
import type { Limited } from '../limited.js';

const LIMIT = 40;
const SEATS = 7;
/** To make a story shorter takes minutes, and its end tells as much. */
const RUNS = { numRuns: 60, endOnFailure: true };

const SEATED: readonly Limited[] = [limited({ concurrentCalls: SEATS })];

async function begin(gateway: StoryGateway, id: string): Promise<void> {
  await gateway.requests.enter(id, SEATED);
  gateway.open.push(id);
}

function end(gateway: StoryGateway, calls: number): void {
  for (const id of gateway.open.splice(0, calls)) {
    gateway.requests.leave(id, SEATED);
  }
}

describe('gateways that share limits through a store', () => {
  it('let in no more requests than that in any minute, and all of them when they are wanted', async () => {
    const whose = [limited({ requestsPerMinute: LIMIT })];
    await fc.assert(
      fc.asyncProperty(story, async steps => {
        const tale = await new Story().begin();
        const { store } = tale;
        const admitted: number[] = [];
        let most = 0;
        const enter = async ({ requests }: StoryGateway, id: string): Promise<void> => {
          await requests.enter(id, whose);
          admitted.push(store.time);
          most = Math.max(most, within(admitted, store.time));
        };
        for (const step of steps) {
          const { what, who, calls, waitMs } = step;
          store.time += waitMs;
          if (what === 'call') {
            await tale.call(who, calls, enter);
          } else {
            await tale.befall(step);
          }
          expect(most).toBeLessThanOrEqual(LIMIT);
        }
        store.fates = [];
        await tale.tell();
        store.time += 61_000;
        await tale.tell();
        const before = admitted.length;
        for (let round = 0; round < 12; round += 1) {
          store.time += 90;
          await tale.call(round, 9, enter);
          await tale.tell();
        }
        expect(admitted.length - before).toBe(LIMIT);
      }),
      RUNS,
    );
  });

  it('hold no more tokens than that in any minute, whatever is used of them', async () => {
    const whose = [limited({ tokensPerMinute: LIMIT * 10 })];
    await fc.assert(
      fc.asyncProperty(story, async steps => {
        const tale = await new Story().begin();
        const held = new HeldTokens(tale.store, whose, false);
        for (const step of steps) {
          const { what, who, calls, waitMs } = step;
          tale.store.time += waitMs;
          if (what === 'call') {
            await tale.call(who, calls, gateway => held.take(gateway, 10 + ((calls * 17) % 90)));
          } else if (what === 'end') {
            held.settle(calls);
          } else {
            await tale.befall(step);
          }
          expect(held.most).toBeLessThanOrEqual(LIMIT * 10);
        }
      }),
      RUNS,
    );
  });

  it('have no more calls open than that, and as many when they are wanted, also after a kill', async () => {
    await fc.assert(
      fc.asyncProperty(story, async steps => {
        const tale = await new Story().begin();
        const { store } = tale;
        let killed: { open: number; until: number }[] = [];
        const openIn = (): number => tale.gateways.reduce((sum, { open }) => sum + open.length, 0);
        for (const { what, who, calls, fate, waitMs } of steps) {
          store.time += Math.min(waitMs, 400);
          const gateway = tale.gateways[who] as StoryGateway;
          if (what === 'call') {
            await tale.call(who, calls, begin);
          } else if (what === 'end') {
            end(gateway, calls);
          } else if (what === 'kill') {
            killed.push({ open: gateway.open.length, until: store.time + 6000 });
            await tale.kill(who);
          } else if (what === 'lose') {
            store.fates = Array.from({ length: calls }, () => fate);
          }
          await tale.tell();
          killed = killed.filter(({ until }) => until > store.time);
          const dead = killed.reduce((sum, { open }) => sum + open, 0);
          expect(openIn() + dead).toBeLessThanOrEqual(SEATS);
        }
        store.fates = [];
        for (let tick = 0; tick < 80; tick += 1) {
          store.time += 250;
          await tale.tell();
        }
        await tale.call(0, 2 * SEATS, begin);
        expect(openIn()).toBe(SEATS);
        tale.gateways.forEach(gateway => end(gateway, SEATS));
        await tale.tell();
        await tale.call(2, 2 * SEATS, begin);
        expect(openIn()).toBe(SEATS);
      }),
      RUNS,
    );
  });

  it('lose nothing to calls that a key refuses, whenever the store is told', async () => {
    const project = limited({ requestsPerMinute: LIMIT });
    const both = [project, limited({ id: 'key', requestsPerMinute: 9 })];
    const burst = fc.record({
      calls: fc.integer({ min: 1, max: 25 }),
      tellAfter: fc.integer({ min: 0, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(burst, { minLength: 5, maxLength: 20 }), async bursts => {
        const tale = await new Story().begin();
        let admitted = 0;
        const enter =
          (whose: Limited[]) =>
          async ({ requests }: StoryGateway, id: string): Promise<void> => {
            await requests.enter(id, whose);
            admitted += 1;
          };
        for (const [who, { calls, tellAfter }] of bursts.entries()) {
          tale.store.time += 90;
          const called = tale.call(who, calls, enter(both));
          for (let n = 0; n < tellAfter; n += 1) {
            await Promise.resolve();
          }
          await Promise.all([called, tale.tell()]);
        }
        expect(admitted).toBeLessThanOrEqual(9);
        for (let round = 0; round < 12; round += 1) {
          tale.store.time += 300;
          await tale.tell();
          await tale.call(round, 9, enter([project]));
        }
        expect(admitted).toBe(LIMIT);
      }),
      RUNS,
    );
  });
});
