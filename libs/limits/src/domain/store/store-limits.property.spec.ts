import type { TokenHold } from '@app/shared';
import { DistantStore, SkewedClock } from '../../../../../test/support/distant-store.js';
import { limited } from '../../../../../test/support/limited.js';
import { fc } from '../../../../../test/support/properties.js';
import { storeShares } from '../../../../../test/support/store-shares.js';
import type { Limited } from '../limited.js';
import { MemoryRequestLimits } from '../memory-request-limits.js';
import { MemoryTokenLimits } from '../memory-token-limits.js';
import type { StoreShares } from './store-shares.js';
import type { StoreTime } from './store-time.js';
import { StoreRequestLimits } from './store-request-limits.js';
import { StoreTokenLimits } from './store-token-limits.js';

const LIMIT = 40;
const SEATS = 7;
/** To make a story shorter takes minutes, and its end tells as much. */
const RUNS = { numRuns: 60, endOnFailure: true };

interface Gateway {
  readonly shares: StoreShares;
  readonly time: StoreTime;
  readonly requests: StoreRequestLimits;
  readonly tokens: StoreTokenLimits;
  readonly open: string[];
}

let runs = 0;

async function gatewayOn(store: DistantStore, skewMs: number): Promise<Gateway> {
  const clock = new SkewedClock(store, skewMs);
  const asked = { now: () => store.now(), probe: async () => undefined };
  const process = `run-${++runs}`;
  const { shares, time } = await storeShares({ records: store, clock, store: asked, process });
  return {
    shares,
    time,
    requests: new StoreRequestLimits(shares, new MemoryRequestLimits(clock), 'closed'),
    tokens: new StoreTokenLimits(shares, new MemoryTokenLimits(clock), 'closed'),
    open: [],
  };
}

const anyStep = fc.record({
  what: fc.constantFrom('call', 'call', 'call', 'call', 'end', 'tell', 'kill', 'lose'),
  who: fc.integer({ min: 0, max: 3 }),
  calls: fc.integer({ min: 1, max: 9 }),
  fate: fc.constantFrom('unasked', 'unheard', 'done'),
  waitMs: fc.oneof(fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 9000 })),
});
type Step = typeof anyStep extends fc.Arbitrary<infer One> ? One : never;
const story = fc.array(anyStep, { minLength: 30, maxLength: 150 });

/** What happens to four gateways that use one store, until `calls` says what a call is. */
class Story {
  readonly store = new DistantStore();
  gateways: Gateway[] = [];
  private made = 0;

  async begin(): Promise<this> {
    for (const skewMs of [0, 4711.3, -8000.25, 60_000]) {
      this.gateways.push(await gatewayOn(this.store, skewMs));
    }
    return this;
  }

  /** At several gateways at once, whatever becomes of each. */
  async call(
    who: number,
    calls: number,
    make: (gateway: Gateway, id: string) => Promise<void>,
  ): Promise<void> {
    const made = Array.from({ length: calls }, (_, n) => {
      const gateway = this.gateways[(who + (n % 2)) % this.gateways.length] as Gateway;
      return make(gateway, `call-${++this.made}`);
    });
    await Promise.allSettled(made);
  }

  async kill(who: number): Promise<void> {
    this.gateways[who] = await gatewayOn(this.store, who * 1234.5);
  }

  /** What is no call: anything else is a quarter of a second that passes. */
  async befall({ what, who, calls, fate }: Step): Promise<void> {
    if (what === 'kill') {
      await this.kill(who);
    } else if (what === 'lose') {
      this.store.fates = Array.from({ length: calls }, () => fate);
    } else {
      await this.tell();
    }
  }

  /** What each does by itself four times a second, and once. */
  async tell(): Promise<void> {
    for (const { shares, time } of this.gateways) {
      await time.ask();
      await shares.tell();
    }
  }
}

const SEATED: readonly Limited[] = [limited({ concurrentCalls: SEATS })];

async function begin(gateway: Gateway, id: string): Promise<void> {
  await gateway.requests.enter(id, SEATED);
  gateway.open.push(id);
}

function end(gateway: Gateway, calls: number): void {
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
        const enter = async ({ requests }: Gateway, id: string): Promise<void> => {
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
        const { store } = tale;
        let most = 0;
        const held: { at: number; tokens: number; hold: TokenHold }[] = [];
        for (const step of steps) {
          const { what, who, calls, waitMs } = step;
          store.time += waitMs;
          if (what === 'call') {
            await tale.call(who, calls, async ({ tokens }) => {
              const amount = 10 + ((calls * 17) % 90);
              const hold = await tokens.hold(whose, amount);
              held.push({ at: store.time, tokens: amount, hold });
              const recent = held.filter(({ at }) => at > store.time - 60_000);
              most = Math.max(
                most,
                recent.reduce((sum, one) => sum + one.tokens, 0),
              );
            });
          } else if (what === 'end') {
            for (const one of held.slice(-calls)) {
              one.tokens = Math.min(one.tokens, calls);
              one.hold.settle(one.tokens);
            }
          } else {
            await tale.befall(step);
          }
          expect(most).toBeLessThanOrEqual(LIMIT * 10);
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
          const gateway = tale.gateways[who] as Gateway;
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
          async ({ requests }: Gateway, id: string): Promise<void> => {
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

/** How many of these lie within the minute before. They ascend. */
function within(times: readonly number[], end: number): number {
  return times.length - 1 - times.findLastIndex(at => at <= end - 60_000);
}
