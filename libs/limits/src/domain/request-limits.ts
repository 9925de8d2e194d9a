import { Injectable } from '@nestjs/common';
import type { Project } from '@app/projects';
import { Clock, type Quota } from '@app/shared';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';
import { MinuteWindow } from './minute-window.js';

/** From so many projects on, those that were quiet for a minute are forgotten. */
const REMEMBERED = 10_000;

type LimitedProject = Pick<Project, 'id' | 'requestsPerMinute' | 'concurrentCalls'>;

/** Counts the calls of limited projects, in the memory of this process: no look into the store, no word to the others. */
@Injectable()
export class RequestLimits {
  private readonly windows = new Map<string, MinuteWindow>();
  private readonly open = new Map<string, number>();
  private sweepAt = REMEMBERED;

  constructor(private readonly clock: Clock) {}

  /**
   * Takes one request off the project's quota, and counts an open call until `leave`. In no minute, whenever it begins,
   * are there more than the quota.
   *
   * @returns what is left; null when requests are not limited
   * @throws RequestLimitError, ConcurrencyLimitError (429); nothing is counted then
   */
  enter({ id, requestsPerMinute, concurrentCalls }: LimitedProject): Quota | null {
    const calls = this.open.get(id) ?? 0;
    if (concurrentCalls !== null && calls >= concurrentCalls) {
      throw new ConcurrencyLimitError(concurrentCalls);
    }
    const quota = requestsPerMinute === null ? null : this.take(id, requestsPerMinute);
    this.open.set(id, calls + 1);
    return quota;
  }

  /** The call has ended. */
  leave(projectId: string): void {
    const calls = (this.open.get(projectId) ?? 0) - 1;
    if (calls > 0) {
      this.open.set(projectId, calls);
    } else {
      this.open.delete(projectId);
    }
  }

  private take(id: string, limit: number): Quota {
    const now = this.clock.ticks();
    const window = this.windowOf(id, now);
    const count = window.countAt(now);
    if (count >= limit) {
      const quota = { limit, remaining: 0, resetMs: window.msUntilEmpty(now) };
      throw new RequestLimitError(quota, window.msUntilGone(count - limit + 1, now));
    }
    window.add(now);
    return { limit, remaining: limit - count - 1, resetMs: window.msUntilEmpty(now) };
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

  /** Never one that is not empty: its project could begin anew. */
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
