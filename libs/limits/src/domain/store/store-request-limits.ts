import type { Quota } from '@app/shared';
import type { Limited } from '../limited.js';
import { ConcurrencyLimitError, LimitsUnavailableError, RequestLimitError } from '../limits.errors.js';
import type { MemoryRequestLimits } from '../memory-request-limits.js';
import { leastOf } from '../quotas.js';
import { RequestLimits } from '../request-limits.js';
import type { CallSeats } from './call-seats.js';
import { MinuteShare } from './minute-share.js';
import { orPutBack, type Part, type Places, REFUSED } from './share.js';
import type { StoreShares } from './store-shares.js';

type CallPart = Part<CallSeats | MinuteShare>;

interface Ways {
  readonly here: () => Quota | null;
  readonly alone: (cause?: unknown) => Quota | null;
}

/**
 * Counts in the store that gateways share, so that limits hold for all of them together, from slices of what is left. What it lets in
 * is counted here, too: while the store is away, this gateway goes on alone from what it knows of its own calls, or refuses all. No
 * gateway ever passes a limit alone, as the store never hears of what was let in without it.
 */
export class StoreRequestLimits extends RequestLimits {
  constructor(
    private readonly shares: StoreShares,
    private readonly own: MemoryRequestLimits,
    private readonly onOutage: 'open' | 'closed',
  ) {
    super();
  }

  override enter(call: string, all: readonly Limited[]): Quota | null | Promise<Quota | null> {
    const parts = [...this.seatsOf(all), ...this.requestsOf(all)]; // whoever has too many calls open is told that
    return this.take(parts, {
      here: () => this.own.enter(call, all),
      alone: cause => this.goAlone(call, all, cause),
    });
  }

  override count(all: readonly Limited[]): Quota | null | Promise<Quota | null> {
    const here = (): Quota | null => this.own.count(all);
    return this.take(this.requestsOf(all), {
      here,
      alone: cause => {
        this.assertOpen(cause);
        return here();
      },
    });
  }

  override leave(call: string, all: readonly Limited[]): void {
    this.own.leave(call, all);
    for (const { id, concurrentCalls } of all) {
      if (concurrentCalls !== null) {
        this.shares.seatsOf(id).putBack();
      }
    }
  }

  /** @param ways `here` counts in this process what the store has let in; `alone`, what nobody has */
  private take(parts: readonly CallPart[], { here, alone }: Ways): Quota | null | Promise<Quota | null> {
    return this.shares.take(parts, 1, {
      taken: places => {
        const quota = this.quotaOf(parts, places);
        const own = orPutBack(parts, places, 1, here);
        return own && leastOf(quota, own);
      },
      alone,
    });
  }

  /** @throws RequestLimitError, ConcurrencyLimitError */
  private quotaOf(parts: readonly CallPart[], places: Places): Quota | null {
    let least: Quota | null = null;
    for (const [at, { share, limited, limit }] of parts.entries()) {
      const isRefused = places[at] === REFUSED;
      if (share instanceof MinuteShare) {
        const quota = share.quotaOf(limit);
        if (isRefused) {
          const retryAfterMs = Math.max(share.msUntilLeft(1, limit), this.own.msUntilLeft(limited));
          throw new RequestLimitError(limited.whose, quota, retryAfterMs);
        }
        least = leastOf(least, quota);
      } else if (isRefused) {
        throw new ConcurrencyLimitError(limited.whose, limit);
      }
    }
    return least;
  }

  /** @throws as `enter` */
  private goAlone(call: string, all: readonly Limited[], cause?: unknown): Quota | null {
    this.assertOpen(cause);
    const quota = this.own.enter(call, all);
    for (const { id, concurrentCalls } of all) {
      if (concurrentCalls !== null) {
        this.shares.seatsOf(id).force();
      }
    }
    return quota;
  }

  /** @throws LimitsUnavailableError */
  private assertOpen(cause: unknown): void {
    if (this.onOutage === 'closed') {
      throw new LimitsUnavailableError(cause);
    }
  }

  private seatsOf(all: readonly Limited[]): CallPart[] {
    return all.flatMap(limited => {
      const { id, concurrentCalls: limit } = limited;
      return limit === null ? [] : [{ share: this.shares.seatsOf(id), limited, limit }];
    });
  }

  private requestsOf(all: readonly Limited[]): CallPart[] {
    return all.flatMap(limited => {
      const { id, requestsPerMinute: limit } = limited;
      return limit === null ? [] : [{ share: this.shares.requestsOf(id), limited, limit }];
    });
  }
}
