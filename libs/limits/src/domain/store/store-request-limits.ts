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
    const parts = this.partsOf(all);
    return this.shares.take(parts, 1, {
      taken: places => {
        const quota = this.quotaOf(parts, places);
        const own = orPutBack(parts, places, 1, () => this.own.enter(call, all));
        return own && leastOf(quota, own);
      },
      alone: cause => this.goAlone(call, all, cause),
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
    if (this.onOutage === 'closed') {
      throw new LimitsUnavailableError(cause);
    }
    const quota = this.own.enter(call, all);
    for (const { id, concurrentCalls } of all) {
      if (concurrentCalls !== null) {
        this.shares.seatsOf(id).force();
      }
    }
    return quota;
  }

  /** Open calls first: whoever has too many of them is told that. */
  private partsOf(all: readonly Limited[]): CallPart[] {
    const parts: CallPart[] = [];
    for (const limited of all) {
      if (limited.concurrentCalls !== null) {
        parts.push({ share: this.shares.seatsOf(limited.id), limited, limit: limited.concurrentCalls });
      }
    }
    for (const limited of all) {
      if (limited.requestsPerMinute !== null) {
        parts.push({ share: this.shares.requestsOf(limited.id), limited, limit: limited.requestsPerMinute });
      }
    }
    return parts;
  }
}
