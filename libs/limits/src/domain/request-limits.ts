import { Injectable } from '@nestjs/common';
import type { Project } from '@app/projects';
import { Clock, type Quota } from '@app/shared';
import { ConcurrencyLimitError, RequestLimitError } from './limits.errors.js';

const MINUTE_MS = 60_000;
const REMEMBERED = 10_000;
/** Whoever waited as long as it was told must not fail by a bit. */
const ROUNDING = 1e-6;

type LimitedProject = Pick<Project, 'id' | 'requestsPerMinute' | 'concurrentCalls'>;

/** Requests that a project has left; they come back steadily, a minute's worth in a minute. */
interface Bucket {
  left: number;
  /** Monotonic ms. */
  filledAt: number;
}

/** Counts the calls of limited projects, in the memory of this process: no look into the store, no word to the others. */
@Injectable()
export class RequestLimits {
  private readonly buckets = new Map<string, Bucket>();
  private readonly open = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  /**
   * Takes one request off the project's quota, and counts an open call until `leave`.
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
    const perRequestMs = MINUTE_MS / limit;
    const bucket = this.filled(id, limit);
    if (bucket.left < 1 - ROUNDING) {
      const waitMs = (1 - bucket.left) * perRequestMs;
      throw new RequestLimitError(quotaOf(bucket.left, limit), waitMs);
    }
    bucket.left -= 1;
    return quotaOf(bucket.left, limit);
  }

  /** The project's bucket with what came back since it was last looked at. */
  private filled(id: string, limit: number): Bucket {
    const now = this.clock.ticks();
    let bucket = this.buckets.get(id);
    if (!bucket) {
      if (this.buckets.size >= REMEMBERED) {
        this.buckets.delete(this.buckets.keys().next().value ?? '');
      }
      bucket = { left: limit, filledAt: now };
      this.buckets.set(id, bucket);
    }
    bucket.left = Math.min(limit, bucket.left + ((now - bucket.filledAt) * limit) / MINUTE_MS);
    bucket.filledAt = now;
    return bucket;
  }
}

function quotaOf(left: number, limit: number): Quota {
  return {
    limit,
    remaining: Math.max(0, Math.floor(left + ROUNDING)),
    resetMs: ((limit - left) * MINUTE_MS) / limit,
  };
}
