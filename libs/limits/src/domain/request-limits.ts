import { Injectable } from '@nestjs/common';
import { Clock, type Quota } from '@app/shared';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';
import { MinuteWindow } from './minute-window.js';

/** From so many windows on, those that were quiet for a minute are forgotten. */
const REMEMBERED = 10_000;

/** Whose calls are counted together: a project's, or a key's. */
export interface Limited {
  readonly id: string;
  /** As the caller reads it, e.g. `The project`. */
  readonly whose: string;
  readonly requestsPerMinute: number | null;
  readonly concurrentCalls: number | null;
}

/** Counts calls of which there may be so many, in the memory of this process: no look into the store, no word to the others. */
@Injectable()
export class RequestLimits {
  private readonly windows = new Map<string, MinuteWindow>();
  private readonly open = new Map<string, number>();
  private sweepAt = REMEMBERED;

  constructor(private readonly clock: Clock) {}

  /**
   * Takes one request off each quota, and counts an open call for each until `leave`. In no minute, whenever it begins, are there
   * more requests than a quota has.
   *
   * @returns the quota that has least left; null when none limits requests
   * @throws RequestLimitError, ConcurrencyLimitError (429); nothing is counted then
   */
  enter(all: readonly Limited[]): Quota | null {
    const now = this.clock.ticks();
    for (const { id, whose, concurrentCalls } of all) {
      if (concurrentCalls !== null && this.openOf(id) >= concurrentCalls) {
        throw new ConcurrencyLimitError(whose, concurrentCalls);
      }
    }
    for (const limited of all) {
      this.assertLeft(limited, now);
    }
    let least: Quota | null = null;
    for (const { id, requestsPerMinute } of all) {
      this.open.set(id, this.openOf(id) + 1);
      const quota = requestsPerMinute === null ? null : this.take(id, requestsPerMinute, now);
      least = quota && (least === null || quota.remaining < least.remaining) ? quota : least;
    }
    return least;
  }

  /** A call that `enter` counted has ended. */
  leave(all: readonly Pick<Limited, 'id'>[]): void {
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

  private assertLeft({ id, whose, requestsPerMinute: limit }: Limited, now: number): void {
    if (limit === null) {
      return;
    }
    const window = this.windowOf(id, now);
    const count = window.countAt(now);
    if (count >= limit) {
      const quota = { limit, remaining: 0, resetMs: window.msUntilEmpty(now) };
      throw new RequestLimitError(whose, quota, window.msUntilGone(count - limit + 1, now));
    }
  }

  private take(id: string, limit: number, now: number): Quota {
    const window = this.windowOf(id, now);
    window.add(now);
    return { limit, remaining: limit - window.countAt(now), resetMs: window.msUntilEmpty(now) };
  }

  private windowOf(id: string, now: number): MinuteWindow {
    let window = this.windows.get(id);
    if (!window) {
      this.forgetQuiet(now);
      window = new MinuteWindow();
      this.windows.set(id, window);
    }
    return window;
  }

  /** Never one that is not empty: whoever it counts could begin anew. */
  private forgetQuiet(now: number): void {
    if (this.windows.size < this.sweepAt) {
      return;
    }
    for (const [id, window] of this.windows) {
      if (window.isEmptyAt(now)) {
        this.windows.delete(id);
      }
    }
    this.sweepAt = Math.max(REMEMBERED, 2 * this.windows.size);
  }
}
