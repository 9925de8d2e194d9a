import { MemoryRequestLimits } from '../../libs/limits/src/domain/memory-request-limits.js';
import { MemoryTokenLimits } from '../../libs/limits/src/domain/memory-token-limits.js';
import { StoreRequestLimits } from '../../libs/limits/src/domain/store/store-request-limits.js';
import type { StoreShares } from '../../libs/limits/src/domain/store/store-shares.js';
import type { StoreTime } from '../../libs/limits/src/domain/store/store-time.js';
import { StoreTokenLimits } from '../../libs/limits/src/domain/store/store-token-limits.js';
import type { TokenHold } from '@app/shared';
import type { Limited } from '../../libs/limits/src/domain/limited.js';
import { DistantStore, SkewedClock } from './distant-store.js';
import { fc } from './properties.js';
import { storeShares } from './store-shares.js';

/** One of the gateways that share limits through a store. */
export interface StoryGateway {
  readonly shares: StoreShares;
  readonly time: StoreTime;
  readonly requests: StoreRequestLimits;
  readonly tokens: StoreTokenLimits;
  readonly open: string[];
}

/** What the gateways of a story hold of tokens, and the most of it that was held in any minute. */
export class HeldTokens {
  most = 0;
  private readonly held: { by: StoryGateway; at: number; tokens: number; hold: TokenHold }[] = [];

  /** @param isAlone each gateway counts for itself */
  constructor(
    private readonly store: DistantStore,
    private readonly whose: readonly Limited[],
    private readonly isAlone: boolean,
  ) {}

  async take(gateway: StoryGateway, tokens: number): Promise<void> {
    const hold = await gateway.tokens.hold(this.whose, tokens);
    const { time } = this.store;
    this.held.push({ by: gateway, at: time, tokens, hold });
    const recent = this.held.filter(({ by, at }) => at > time - 60_000 && (!this.isAlone || by === gateway));
    this.most = Math.max(
      this.most,
      recent.reduce((sum, one) => sum + one.tokens, 0),
    );
  }

  /** The last ones have used as much at most. */
  settle(last: number): void {
    for (const one of this.held.slice(-last)) {
      one.tokens = Math.min(one.tokens, last);
      one.hold.settle(one.tokens);
    }
  }
}

let runs = 0;

async function gatewayOn(
  store: DistantStore,
  skewMs: number,
  onOutage: 'open' | 'closed',
): Promise<StoryGateway> {
  const clock = new SkewedClock(store, skewMs);
  const asked = { now: () => store.now(), probe: async () => undefined };
  const process = `run-${++runs}`;
  const { shares, time } = await storeShares({ records: store, clock, store: asked, process });
  return {
    shares,
    time,
    requests: new StoreRequestLimits(shares, new MemoryRequestLimits(clock), onOutage),
    tokens: new StoreTokenLimits(shares, new MemoryTokenLimits(clock), onOutage),
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
export type Step = typeof anyStep extends fc.Arbitrary<infer One> ? One : never;
/** What happens, step by step. */
export const story = fc.array(anyStep, { minLength: 30, maxLength: 150 });

/** What happens to four gateways that use one store, until `calls` says what a call is. */
export class Story {
  readonly store = new DistantStore();
  gateways: StoryGateway[] = [];
  private made = 0;

  constructor(private readonly onOutage: 'open' | 'closed' = 'closed') {}

  async begin(): Promise<this> {
    for (const skewMs of [0, 4711.3, -8000.25, 60_000]) {
      this.gateways.push(await gatewayOn(this.store, skewMs, this.onOutage));
    }
    return this;
  }

  /** At several gateways at once, whatever becomes of each. */
  async call(
    who: number,
    calls: number,
    make: (gateway: StoryGateway, id: string) => Promise<void>,
  ): Promise<void> {
    const made = Array.from({ length: calls }, (_, n) => {
      const gateway = this.gateways[(who + (n % 2)) % this.gateways.length] as StoryGateway;
      return make(gateway, `call-${++this.made}`);
    });
    await Promise.allSettled(made);
  }

  async kill(who: number): Promise<void> {
    this.gateways[who] = await gatewayOn(this.store, who * 1234.5, this.onOutage);
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

/** How many of these lie within the minute before. They ascend. */
export function within(times: readonly number[], end: number): number {
  return times.length - 1 - times.findLastIndex(at => at <= end - 60_000);
}
