import type { Quota, TokenHold } from '@app/shared';
import type { Limited } from '../limited.js';
import { LimitsUnavailableError, TokenLimitError } from '../limits.errors.js';
import { assertPossible, type MemoryTokenLimits } from '../memory-token-limits.js';
import { leastOf } from '../quotas.js';
import { NO_HOLD, TokenLimits, wholeTokens } from '../token-limits.js';
import type { MinuteShare } from './minute-share.js';
import { orPutBack, type Part, type Places, REFUSED } from './share.js';
import type { StoreShares } from './store-shares.js';

type TokenPart = Part<MinuteShare>;

/** What a hold is about. */
interface Held {
  readonly parts: readonly TokenPart[];
  readonly places: Places;
  readonly tokens: number;
  readonly quota: Quota | null;
  /** The same hold as this gateway counts it. */
  readonly own: TokenHold;
}

/** Counts in the store that gateways share, as `StoreRequestLimits` does; here, too, for the time when it is away. */
export class StoreTokenLimits extends TokenLimits {
  constructor(
    private readonly shares: StoreShares,
    private readonly own: MemoryTokenLimits,
    private readonly onOutage: 'open' | 'closed',
  ) {
    super();
  }

  override hold(all: readonly Limited[], tokens: number): TokenHold | Promise<TokenHold> {
    const parts = this.partsOf(all);
    if (parts.length === 0) {
      return NO_HOLD;
    }
    assertPossible(all, tokens);
    return this.shares.take(parts, tokens, {
      taken: places => this.answer(all, tokens, { parts, places }),
      alone: cause => this.goAlone(all, tokens, cause),
    });
  }

  /** @throws TokenLimitError */
  private answer(
    all: readonly Limited[],
    tokens: number,
    { parts, places }: Pick<Held, 'parts' | 'places'>,
  ): TokenHold {
    let quota: Quota | null = null;
    for (const [at, { share, limited, limit }] of parts.entries()) {
      const left = share.quotaOf(limit);
      if (places[at] === REFUSED) {
        const retryAfterMs = Math.max(
          share.msUntilLeft(tokens, limit),
          this.own.msUntilLeft(limited, tokens),
        );
        throw new TokenLimitError(limited.whose, left, { tokens, retryAfterMs });
      }
      quota = leastOf(quota, left);
    }
    const own = orPutBack(parts, places, tokens, () => this.own.hold(all, tokens));
    quota = own.quota && leastOf(quota, own.quota);
    return new StoreTokenHold(this.shares, { parts, places, tokens, quota, own });
  }

  private goAlone(all: readonly Limited[], tokens: number, cause?: unknown): TokenHold {
    if (this.onOutage === 'closed') {
      throw new LimitsUnavailableError(cause);
    }
    return this.own.hold(all, tokens);
  }

  private partsOf(all: readonly Limited[]): TokenPart[] {
    const parts: TokenPart[] = [];
    for (const limited of all) {
      if (limited.tokensPerMinute !== null) {
        parts.push({ share: this.shares.tokensOf(limited.id), limited, limit: limited.tokensPerMinute });
      }
    }
    return parts;
  }
}

class StoreTokenHold implements TokenHold {
  private isSettled = false;

  constructor(
    private readonly shares: StoreShares,
    private readonly held: Held,
  ) {}

  get quota(): Quota | null {
    return this.held.quota;
  }

  settle(used: number | null): void {
    const { parts, places, tokens, own } = this.held;
    own.settle(used);
    const excess = this.isSettled || used === null ? 0 : wholeTokens(used) - tokens;
    this.isSettled = true;
    for (const [at, { limited }] of parts.entries()) {
      const share = this.shares.tokensOf(limited.id); // the one of then may be forgotten
      if (excess > 0) {
        share.takeMore(excess);
      } else if (excess < 0) {
        share.putBack(places[at] ?? REFUSED, -excess);
      }
    }
  }
}
