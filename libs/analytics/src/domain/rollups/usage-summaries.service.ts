import { Injectable } from '@nestjs/common';
import { Clock, InvalidRequestError } from '@app/shared';
import {
  type Dimension,
  DIMENSIONS,
  type Interval,
  RollupRepository,
  type UsageBucket,
} from './rollup.repository.js';
import { HOUR_MS, hourOf, monthStart } from './usage-hour.js';

const DAY_MS = 24 * HOUR_MS;
const DEFAULT_MS = 30 * DAY_MS;
/** Of one answer: some 5 MB. */
const MOST_BUCKETS = 10_000;

export interface SummaryOrder {
  readonly projectId?: string;
  readonly keyId?: string;
  /** Unix ms; 30 days before `to` when it is absent. */
  readonly from?: number;
  /** Unix ms, exclusive; now when it is absent. */
  readonly to?: number;
  readonly interval: Interval;
  readonly by: readonly Dimension[];
}

/** Times in Unix ms. */
export interface Summary {
  /** As the rollups know it: a whole hour. */
  readonly from: number;
  /** Likewise, exclusive. */
  readonly to: number;
  /** By time, then by what they are told apart by. The `start` of each is a time; of a total `from`. */
  readonly buckets: readonly UsageBucket[];
}

/** What calls add up to. From the rollups: a call is in them a moment after it ended. */
@Injectable()
export class UsageSummaries {
  constructor(
    private readonly rollups: RollupRepository,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRequestError (400) when there is no time between `from` and `to`, or too much to tell of it */
  async of({ from, to, interval, by, ...filter }: SummaryOrder): Promise<Summary> {
    const end = to ?? this.clock.now();
    const start = from ?? end - DEFAULT_MS;
    if (!(start < end)) {
      throw new InvalidRequestError('`to` must be later than `from`.', 'to');
    }
    const hours = { from: hourOf(start), to: Math.ceil(end / HOUR_MS) };
    const found = await this.rollups.sums({ ...filter, ...hours }, { interval, by }, MOST_BUCKETS + 1);
    if (found.length > MOST_BUCKETS) {
      throw new InvalidRequestError(
        `The answer would have more than ${MOST_BUCKETS} entries. Ask for less time, a longer interval, or fewer groups.`,
        'interval',
        'too_many_entries',
      );
    }
    const startsAt = startOf(interval, hours.from * HOUR_MS);
    return {
      from: hours.from * HOUR_MS,
      to: hours.to * HOUR_MS,
      buckets: found.toSorted(inOrder).map(bucket => ({ ...bucket, start: startsAt(bucket.start) })),
    };
  }
}

function startOf(interval: Interval, from: number): (start: number) => number {
  switch (interval) {
    case 'hour':
      return hour => hour * HOUR_MS;
    case 'day':
      return day => day * DAY_MS;
    case 'month':
      return monthStart;
    case 'total':
      return () => from;
  }
}

/** The same on every store, which sort null and letters in their own ways. */
function inOrder(a: UsageBucket, b: UsageBucket): number {
  if (a.start !== b.start) {
    return a.start - b.start;
  }
  const differing = DIMENSIONS.find(dimension => (a[dimension] ?? '') !== (b[dimension] ?? ''));
  return differing && (a[differing] ?? '') < (b[differing] ?? '') ? -1 : 1;
}
