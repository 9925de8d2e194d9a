import type { Clock, Quota, TokenHold } from '@app/shared';
import type { Limited } from './limited.js';
import { TokenLimitError, TooManyTokensError } from './limits.errors.js';
import { MinuteWindows } from './minute-windows.js';
import { leastOf } from './quotas.js';
import { NO_HOLD, TokenLimits, wholeTokens } from './token-limits.js';

/** Counts in the memory of this process, at once. */
export class MemoryTokenLimits extends TokenLimits {
  private readonly windows = new MinuteWindows();

  constructor(private readonly clock: Clock) {
    super();
  }

  override hold(all: readonly Limited[], tokens: number): TokenHold {
    assertPossible(all, tokens);
    const now = this.clock.ticks();
    for (const limited of all) {
      this.assertLeft(limited, tokens, now);
    }
    return this.take(all, tokens);
  }

  /** In how many ms there is room for so many, as far as this process knows. */
  msUntilLeft({ id, tokensPerMinute: limit }: Limited, tokens: number): number {
    const now = this.clock.ticks();
    const window = this.windows.of(id, now);
    const excess = window.countAt(now) + tokens - (limit ?? Number.POSITIVE_INFINITY);
    return excess > 0 ? window.msUntilGone(excess, now) : 0;
  }

  private take(all: readonly Limited[], tokens: number): TokenHold {
    const now = this.clock.ticks();
    const parts: Part[] = [];
    let least: Quota | null = null;
    for (const { id, tokensPerMinute: limit } of all) {
      if (limit !== null) {
        const window = this.windows.of(id, now);
        parts.push({ id, slot: window.add(now, tokens) });
        const remaining = Math.max(0, limit - window.countAt(now));
        least = leastOf(least, { limit, remaining, resetMs: window.msUntilEmpty(now) });
      }
    }
    return least ? new MemoryTokenHold(least, this, parts, tokens) : NO_HOLD;
  }

  /** For its holds. @param excess tokens more than held; fewer where it is negative */
  correct(parts: readonly Part[], excess: number): void {
    const now = this.clock.ticks();
    for (const { id, slot } of parts) {
      const window = this.windows.of(id, now);
      if (excess > 0) {
        window.add(now, excess);
      } else {
        window.takeBack(-excess, slot, now);
      }
    }
  }

  private assertLeft(limited: Limited, tokens: number, now: number): void {
    const { id, whose, tokensPerMinute: limit } = limited;
    if (limit === null) {
      return;
    }
    const window = this.windows.of(id, now);
    const count = window.countAt(now);
    if (count + tokens > limit) {
      const quota = { limit, remaining: Math.max(0, limit - count), resetMs: window.msUntilEmpty(now) };
      throw new TokenLimitError(whose, quota, { tokens, retryAfterMs: this.msUntilLeft(limited, tokens) });
    }
  }
}

/** @throws TooManyTokensError */
export function assertPossible(all: readonly Limited[], tokens: number): void {
  for (const { whose, tokensPerMinute: limit } of all) {
    if (limit !== null && tokens > limit) {
      throw new TooManyTokensError(whose, limit, tokens);
    }
  }
}

/** What is held of one quota. */
interface Part {
  readonly id: string;
  readonly slot: number;
}

class MemoryTokenHold implements TokenHold {
  private isSettled = false;

  constructor(
    readonly quota: Quota,
    private readonly limits: MemoryTokenLimits,
    private readonly parts: readonly Part[],
    private readonly tokens: number,
  ) {}

  settle(used: number | null): void {
    if (!this.isSettled && used !== null) {
      this.limits.correct(this.parts, wholeTokens(used) - this.tokens);
    }
    this.isSettled = true;
  }
}
