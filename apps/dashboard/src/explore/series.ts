import type { Bucket, Summary } from '../api/types.js';
import { DIMENSIONS, type Interval, type Question } from './question.js';

/** The starts of all intervals of a time, those without calls included: ISO 8601, as the gateway writes them. */
export function startsOf({ from, to }: Pick<Summary, 'from' | 'to'>, interval: Interval): string[] {
  const starts: string[] = [];
  const at = new Date(from);
  if (interval !== 'hour') {
    at.setUTCHours(0, 0, 0, 0);
  }
  if (interval === 'month') {
    at.setUTCDate(1);
  }
  for (const end = Date.parse(to); at.getTime() < end;) {
    starts.push(at.toISOString());
    if (interval === 'hour') {
      at.setUTCHours(at.getUTCHours() + 1);
    } else if (interval === 'day') {
      at.setUTCDate(at.getUTCDate() + 1);
    } else {
      at.setUTCMonth(at.getUTCMonth() + 1);
    }
  }
  return starts;
}

/** What a bucket is of, so that buckets of one group have the same. */
export function groupOf({ by }: Pick<Question, 'by'>, bucket: Bucket): string {
  return bucket.other ? 'other' : JSON.stringify(by.map(name => bucket[DIMENSIONS[name]] ?? null));
}

/** Largest first, what all others come to last. @param most as many groups as are told */
export function rowsOf({ measure }: Pick<Question, 'measure'>, { data }: Summary, most: number): Bucket[] {
  const size = (bucket: Bucket): number => Number(measure.of(bucket) ?? -Infinity);
  const groups = data.filter(({ other }) => !other).toSorted((a, b) => size(b) - size(a));
  return [...groups.slice(0, most), ...data.filter(({ other }) => other)];
}

/** Of one group, at each of the starts. */
export function valuesOf(
  question: Pick<Question, 'by' | 'measure'>,
  { data }: Summary,
  group: string,
  starts: readonly string[],
): (number | null)[] {
  const { of, isSum } = question.measure;
  const found = new Map(
    data.filter(bucket => groupOf(question, bucket) === group).map(bucket => [bucket.start, of(bucket)]),
  );
  return starts.map(start => {
    const value = found.get(start) ?? null;
    return value === null ? (isSum ? 0 : null) : Number(value);
  });
}
