import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import type { UsageBucket } from '../rollups/rollup.repository.js';
import { RollupReader } from '../rollups/rollup-reader.js';
import { HOUR_MS, hourOf, spentOn } from '../rollups/usage-hour.js';
import { outlier, type Score } from './anomaly.js';
import { bucketsOf, type GroupBuckets, type Whose } from './groups.js';

const HOURS_OF_DAY = 24;
/** The same hour of so many days tells what is usual. */
const DAYS_BEFORE = 14;
/** Spend varies by a US cent at least, in nano-USD. */
const SPEND_FLOOR = 10_000_000;
/** The share of calls that fail varies by one percent at least. */
const ERROR_FLOOR = 0.01;
/** Of fewer calls the share that failed says nothing. */
const FEWEST_CALLS = 20;

export const SUBJECTS = ['spend', 'error_rate'] as const;

export interface Anomaly extends Score {
  /** The hour, in Unix ms. */
  readonly start: number;
  /** Absent when projects are not told apart. */
  readonly projectId?: string;
  readonly subject: (typeof SUBJECTS)[number];
  /** Nano-USD; of errors the share of calls that failed. `usual` likewise. */
  readonly value: number;
}

/** Times in Unix ms. */
export interface Anomalies {
  readonly from: number;
  readonly to: number;
  /** The latest first. */
  readonly found: readonly Anomaly[];
}

/**
 * Hours of the last day that are unlike the same hour of the 14 days before: much more or much less spend, or more calls that
 * failed. Hours without calls count as no spend, but for those before the first call.
 */
@Injectable()
export class AnomalyWatch {
  constructor(
    private readonly rollups: RollupReader,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRequestError (400) when there are too many projects to tell of at once */
  async of(whose: Whose): Promise<Anomalies> {
    const to = hourOf(this.clock.now());
    const from = to - HOURS_OF_DAY;
    const span = { from: from - DAYS_BEFORE * HOURS_OF_DAY, to };
    const groups = await bucketsOf(this.rollups, whose, { ...span, interval: 'hour' });
    const found = groups.flatMap(group => anomaliesOf(group, { from, to }));
    return { from: from * HOUR_MS, to: to * HOUR_MS, found: found.toSorted((a, b) => b.start - a.start) };
  }
}

function anomaliesOf(
  { buckets, ...of }: GroupBuckets,
  { from, to }: { from: number; to: number },
): Anomaly[] {
  const hours = new Map(buckets.map(bucket => [bucket.start, bucket]));
  const first = Math.min(...hours.keys());
  const found: Anomaly[] = [];
  for (let hour = from; hour < to; hour++) {
    const before = Array.from({ length: DAYS_BEFORE }, (_, at) => hour - (at + 1) * HOURS_OF_DAY)
      .filter(each => each >= first)
      .map(each => hours.get(each));
    const start = hour * HOUR_MS;
    const value = spendOf(hours.get(hour));
    const spend = outlier(value, before.map(spendOf), SPEND_FLOOR);
    if (spend) {
      found.push({ start, ...of, subject: 'spend', value, ...spend });
    }
    const errors = errorRateOf(hours.get(hour));
    const failed =
      errors === null
        ? null
        : outlier(
            errors,
            before.flatMap(each => errorRateOf(each) ?? []),
            ERROR_FLOOR,
          );
    if (errors !== null && failed && failed.score > 0) {
      found.push({ start, ...of, subject: 'error_rate', value: errors, ...failed });
    }
  }
  return found;
}

function spendOf(bucket: UsageBucket | undefined): number {
  return bucket ? Number(spentOn(bucket)) : 0;
}

/** Null where too few calls were made to tell. */
function errorRateOf(bucket: UsageBucket | undefined): number | null {
  return bucket && bucket.calls >= FEWEST_CALLS ? bucket.failedCalls / bucket.calls : null;
}
