import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import type { Quota, Redis } from '@app/shared';
import type { Limited } from '../domain/limited.js';
import { ConcurrencyLimitError, LimitsUnavailableError, RequestLimitError } from '../domain/limits.errors.js';
import type { MemoryRequestLimits } from '../domain/memory-request-limits.js';
import { RequestLimits } from '../domain/request-limits.js';
import { leastOf } from '../domain/quotas.js';
import { ENTER, LEAVE, RENEW } from './request.scripts.js';
import { SETTLE } from './token.scripts.js';

/** So long the calls of a gateway that was killed count as open. */
const LEASE_MS = 15_000;
const RENEW_MS = 5000;
/** So that no script keeps the server from others. */
const RENEWED_AT_ONCE = 500;
/** What is counted is within a call that is open. */
const NO_CALL = '';

/** What is to be let in. */
interface Entry {
  readonly call: string;
  readonly all: readonly Limited[];
  /** Counts it in this process. @throws RequestLimitError, ConcurrencyLimitError */
  readonly here: () => Quota | null;
}

type Reply =
  | readonly ['calls', who: number]
  | readonly ['requests', who: number, retryAfterMs: number, resetMs: number]
  | readonly ['in', least: number, remaining: number, resetMs: number, ...slots: number[]];

/**
 * Counts in a Redis, so that limits hold for all gateways together: one question per call that is limited. What it lets in is
 * counted here, too: while Redis is away, this gateway goes on alone from what it knows of its own calls, or refuses all. No gateway
 * ever passes a limit alone, as Redis never hears of what was let in without it.
 */
export class RedisRequestLimits
  extends RequestLimits
  implements OnApplicationBootstrap, OnApplicationShutdown
{
  /** Calls that are open here, by id, and who limits their number. */
  private readonly leased = new Map<string, readonly Limited[]>();
  private timer: NodeJS.Timeout | null = null;
  private renewing: Promise<void> | null = null;

  constructor(
    private readonly redis: Pick<Redis, 'isUp' | 'run'>,
    private readonly own: MemoryRequestLimits,
    private readonly onOutage: 'open' | 'closed',
  ) {
    super();
  }

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.renew(), RENEW_MS).unref();
  }

  /** The last of all steps: while answers are awaited, their leases go on. */
  onApplicationShutdown(): void {
    clearInterval(this.timer ?? undefined);
  }

  override enter(call: string, all: readonly Limited[]): Quota | null | Promise<Quota | null> {
    return this.take({ call, all, here: () => this.own.enter(call, all) });
  }

  override count(all: readonly Limited[]): Quota | null | Promise<Quota | null> {
    const requests = all.map(limited => ({ ...limited, concurrentCalls: null }));
    return this.take({ call: NO_CALL, all: requests, here: () => this.own.count(all) });
  }

  override leave(call: string, all: readonly Limited[]): void {
    this.own.leave(call, all);
    const leased = this.leased.get(call);
    if (leased) {
      this.leased.delete(call);
      // If it does not arrive, the lease ends.
      this.redis.run(LEAVE, leased.map(openCallsKey), [call]).catch(() => undefined);
    }
  }

  /** Tells Redis which calls are still open. Never throws: what it cannot tell is told the next time. */
  renew(): Promise<void> {
    this.renewing ??= this.tryRenew().finally(() => (this.renewing = null));
    return this.renewing;
  }

  private async tryRenew(): Promise<void> {
    try {
      for (const [key, calls] of this.openCalls()) {
        for (let at = 0; at < calls.length; at += RENEWED_AT_ONCE) {
          // What has ended meanwhile must not be open again.
          const open = calls.slice(at, at + RENEWED_AT_ONCE).filter(call => this.leased.has(call));
          await (open.length > 0 && this.redis.run(RENEW, [key], [LEASE_MS, ...open]));
        }
      }
    } catch {
      // `Redis` has told it.
    }
  }

  private take(entry: Entry): Quota | null | Promise<Quota | null> {
    return this.redis.isUp ? this.ask(entry) : this.goAlone(entry);
  }

  private async ask(entry: Entry): Promise<Quota | null> {
    const { call, all } = entry;
    const limited = all.filter(isLimited);
    let reply: Reply;
    try {
      reply = (await this.redis.run(ENTER, limited.flatMap(keysOf), [
        call,
        LEASE_MS,
        ...limited.flatMap(limitsOf),
      ])) as Reply;
    } catch (error) {
      return this.goAlone(entry, error);
    }
    const quota = this.quotaOf(reply, limited);
    const own = this.enterHere(entry, reply);
    this.lease(call, limited);
    return own && leastOf(quota, own);
  }

  /** @throws RequestLimitError, ConcurrencyLimitError; Redis then counts it no more */
  private enterHere({ call, all, here }: Entry, reply: Reply): Quota | null {
    try {
      return here();
    } catch (error) {
      const limited = all.filter(isLimited);
      const windows = limited.filter(({ requestsPerMinute }) => requestsPerMinute !== null);
      const slots = reply.slice(4) as number[];
      // What does not arrive is counted for a minute, or until the lease ends.
      this.redis.run(SETTLE, windows.map(requestsKey), [-1, ...slots]).catch(() => undefined);
      this.redis.run(LEAVE, limited.map(openCallsKey), [call]).catch(() => undefined);
      throw error;
    }
  }

  /** @throws RequestLimitError, ConcurrencyLimitError */
  private quotaOf(reply: Reply, all: readonly Limited[]): Quota | null {
    const who = all[reply[1] - 1];
    if (!who) {
      return null;
    }
    const { whose, requestsPerMinute: limit, concurrentCalls } = who;
    switch (reply[0]) {
      case 'calls':
        throw new ConcurrencyLimitError(whose, concurrentCalls ?? 0);
      case 'requests': {
        const [, , retryAfterMs, resetMs] = reply;
        throw new RequestLimitError(
          whose,
          { limit: limit ?? 0, remaining: 0, resetMs },
          Math.max(retryAfterMs, this.own.msUntilLeft(who)),
        );
      }
      default:
        return { limit: limit ?? 0, remaining: reply[2], resetMs: reply[3] };
    }
  }

  /** @throws as `enter` */
  private goAlone({ call, all, here }: Entry, cause?: unknown): Quota | null {
    if (this.onOutage === 'closed') {
      throw new LimitsUnavailableError(cause);
    }
    const quota = here();
    this.lease(call, all);
    return quota;
  }

  private lease(call: string, all: readonly Limited[]): void {
    const leased = all.filter(({ concurrentCalls }) => concurrentCalls !== null);
    if (leased.length > 0) {
      this.leased.set(call, leased);
    }
  }

  /** The ids of open calls by the key that counts them. */
  private openCalls(): Map<string, string[]> {
    const open = new Map<string, string[]>();
    for (const [call, leased] of this.leased) {
      for (const limited of leased) {
        const key = openCallsKey(limited);
        const calls = open.get(key);
        if (calls) {
          calls.push(call);
        } else {
          open.set(key, [call]);
        }
      }
    }
    return open;
  }
}

function isLimited({ requestsPerMinute, concurrentCalls }: Limited): boolean {
  return requestsPerMinute !== null || concurrentCalls !== null;
}

function keysOf(limited: Limited): [string, string] {
  return [requestsKey(limited), openCallsKey(limited)];
}

function requestsKey({ id }: Limited): string {
  return `llmhub:limits:requests:${id}`;
}

function openCallsKey({ id }: Limited): string {
  return `llmhub:limits:calls:${id}`;
}

function limitsOf({ requestsPerMinute, concurrentCalls }: Limited): [number | '', number | ''] {
  return [requestsPerMinute ?? '', concurrentCalls ?? ''];
}
