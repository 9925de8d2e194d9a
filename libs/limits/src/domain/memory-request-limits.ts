import { Clock, type Quota } from '@app/shared';
import type { Limited } from './limited.js';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';
import { MinuteWindows } from './minute-windows.js';
import { leastOf } from './quotas.js';
import { RequestLimits } from './request-limits.js';

/** Counts in the memory of this process, at once: no look into the store, no word to the others. */
export class MemoryRequestLimits extends RequestLimits {
  private readonly windows = new MinuteWindows();
  private readonly open = new Map<string, number>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override enter(_call: string, all: readonly Limited[]): Quota | null {
    const now = this.clock.ticks();
    for (const { id, whose, concurrentCalls } of all) {
      if (concurrentCalls !== null && this.openOf(id) >= concurrentCalls) {
        throw new ConcurrencyLimitError(whose, concurrentCalls);
      }
    }
    const quota = this.take(all, now);
    for (const { id } of all) {
      this.open.set(id, this.openOf(id) + 1);
    }
    return quota;
  }

  override count(all: readonly Limited[]): Quota | null {
    return this.take(all, this.clock.ticks());
  }

  /** In how many ms there is room for another request, as far as this process knows. */
  msUntilLeft({ id, requestsPerMinute: limit }: Limited): number {
    const now = this.clock.ticks();
    const window = this.windows.of(id, now);
    const excess = window.countAt(now) + 1 - (limit ?? Number.POSITIVE_INFINITY);
    return excess > 0 ? window.msUntilGone(excess, now) : 0;
  }

  override leave(_call: string, all: readonly Limited[]): void {
    for (const { id } of all) {
      const calls = this.openOf(id) - 1;
      if (calls > 0) {
        this.open.set(id, calls);
      } else {
        this.open.delete(id);
      }
    }
  }

  private openOf(id: string): number {
    return this.open.get(id) ?? 0;
  }

  private assertLeft(limited: Limited, now: number): void {
    const { id, whose, requestsPerMinute: limit } = limited;
    if (limit === null) {
      return;
    }
    const window = this.windows.of(id, now);
    if (window.countAt(now) >= limit) {
      const quota = { limit, remaining: 0, resetMs: window.msUntilEmpty(now) };
      throw new RequestLimitError(whose, quota, this.msUntilLeft(limited));
    }
  }

  /** @throws RequestLimitError */
  private take(all: readonly Limited[], now: number): Quota | null {
    for (const limited of all) {
      this.assertLeft(limited, now);
    }
    let least: Quota | null = null;
    for (const { id, requestsPerMinute: limit } of all) {
      if (limit !== null) {
        const window = this.windows.of(id, now);
        window.add(now);
        const remaining = limit - window.countAt(now);
        least = leastOf(least, { limit, remaining, resetMs: window.msUntilEmpty(now) });
      }
    }
    return least;
  }
}
