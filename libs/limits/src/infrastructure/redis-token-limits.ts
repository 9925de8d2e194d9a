import type { Quota, Redis, TokenHold } from '@app/shared';
import type { Limited } from '../domain/limited.js';
import { LimitsUnavailableError, TokenLimitError } from '../domain/limits.errors.js';
import { assertPossible, type MemoryTokenLimits } from '../domain/memory-token-limits.js';
import { leastOf } from '../domain/quotas.js';
import { NO_HOLD, TokenLimits, wholeTokens } from '../domain/token-limits.js';
import { HOLD, SETTLE } from './token.scripts.js';

type Reply =
  | readonly ['full', who: number, remaining: number, retryAfterMs: number, resetMs: number]
  | readonly ['held', least: number, remaining: number, resetMs: number, ...slots: number[]];

/** What a hold is about. */
interface Held {
  readonly limited: readonly Limited[];
  readonly tokens: number;
  readonly slots: readonly number[];
  readonly quota: Quota;
  /** The same hold as this gateway counts it. */
  readonly own: TokenHold;
}

/** Counts in a Redis for all gateways together, as `RedisRequestLimits` does; here, too, for the time when it is away. */
export class RedisTokenLimits extends TokenLimits {
  constructor(
    private readonly redis: Pick<Redis, 'isUp' | 'run'>,
    private readonly own: MemoryTokenLimits,
    private readonly onOutage: 'open' | 'closed',
  ) {
    super();
  }

  override hold(all: readonly Limited[], tokens: number): TokenHold | Promise<TokenHold> {
    const limited = all.filter(({ tokensPerMinute }) => tokensPerMinute !== null);
    if (limited.length === 0) {
      return NO_HOLD;
    }
    assertPossible(limited, tokens);
    return this.redis.isUp ? this.ask(limited, tokens) : this.goAlone(limited, tokens);
  }

  private async ask(limited: readonly Limited[], tokens: number): Promise<TokenHold> {
    let reply: Reply;
    try {
      reply = (await this.redis.run(HOLD, limited.map(keyOf), [tokens, ...limited.map(limitOf)])) as Reply;
    } catch (error) {
      return this.goAlone(limited, tokens, error);
    }
    const who = limited[reply[1] - 1];
    const limit = who?.tokensPerMinute ?? 0;
    if (reply[0] === 'full') {
      const [, , remaining, retryAfterMs, resetMs] = reply;
      const own = who ? this.own.msUntilLeft(who, tokens) : 0;
      throw new TokenLimitError(
        who?.whose ?? '',
        { limit, remaining, resetMs },
        { tokens, retryAfterMs: Math.max(retryAfterMs, own) },
      );
    }
    const [, , remaining, resetMs, ...slots] = reply;
    const own = this.holdHere(limited, tokens, slots);
    const quota = leastOf({ limit, remaining, resetMs }, own.quota ?? { limit, remaining, resetMs });
    return new RedisTokenHold(this.redis, { limited, tokens, slots, quota, own });
  }

  /** @throws TokenLimitError; Redis then holds them no more */
  private holdHere(limited: readonly Limited[], tokens: number, slots: readonly number[]): TokenHold {
    try {
      return this.own.hold(limited, tokens);
    } catch (error) {
      correct(this.redis, limited, -tokens, slots);
      throw error;
    }
  }

  private goAlone(limited: readonly Limited[], tokens: number, cause?: unknown): TokenHold {
    if (this.onOutage === 'closed') {
      throw new LimitsUnavailableError(cause);
    }
    return this.own.hold(limited, tokens);
  }
}

class RedisTokenHold implements TokenHold {
  private isSettled = false;

  constructor(
    private readonly redis: Pick<Redis, 'run'>,
    private readonly held: Held,
  ) {}

  get quota(): Quota {
    return this.held.quota;
  }

  settle(used: number | null): void {
    const { limited, tokens, slots, own } = this.held;
    own.settle(used);
    const excess = this.isSettled || used === null ? 0 : wholeTokens(used) - tokens;
    this.isSettled = true;
    if (excess !== 0) {
      correct(this.redis, limited, excess, slots);
    }
  }
}

/** If it does not arrive, what is held stays as it is until its minute is over. @param excess tokens more than held; or fewer */
function correct(
  redis: Pick<Redis, 'run'>,
  limited: readonly Limited[],
  excess: number,
  slots: readonly number[],
): void {
  redis.run(SETTLE, limited.map(keyOf), [excess, ...slots]).catch(() => undefined);
}

function keyOf({ id }: Limited): string {
  return `llmhub:limits:tokens:${id}`;
}

function limitOf({ tokensPerMinute }: Limited): number {
  return tokensPerMinute ?? 0;
}
