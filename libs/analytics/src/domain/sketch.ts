/** A value is told to 2.5 %: each bucket ends 5 % above the one before. */
const GROWTH = 1.05;
const LOG_GROWTH = Math.log(GROWTH);
/** Of the middle of a bucket, relative to its end. */
const MIDDLE = 2 / (1 + GROWTH);

/** As it is stored, and goes from gateway to gateway: `[bucket, count]`, lowest first. */
export type SketchCounts = readonly (readonly [bucket: number, count: number])[];

/**
 * A distribution of which percentiles can be told, to 2.5 %, also of several put together: DDSketch (Masson, Rim, Lee: VLDB 2019)
 * with whole buckets. Averages of percentiles would be percentiles of nothing.
 */
export class Sketch {
  private readonly counts = new Map<number, number>();
  private total = 0;

  get size(): number {
    return this.total;
  }

  /** @param value ms or µs; what is below 1 counts as 1 */
  add(value: number, count = 1): void {
    this.count(value <= 1 ? 0 : Math.ceil(Math.log(value) / LOG_GROWTH), count);
  }

  merge(others: SketchCounts): void {
    others.forEach(([bucket, count]) => this.count(bucket, count));
  }

  /** The value that so many of all do not exceed; null of none. @param share from 0 to 1 */
  quantile(share: number): number | null {
    const rank = share * (this.total - 1);
    let seen = 0;
    for (const [bucket, count] of this.toJSON()) {
      seen += count;
      if (seen > rank) {
        return Math.round(bucket === 0 ? 1 : GROWTH ** bucket * MIDDLE);
      }
    }
    return null;
  }

  toJSON(): SketchCounts {
    return [...this.counts].toSorted(([one], [other]) => one - other);
  }

  private count(bucket: number, count: number): void {
    this.counts.set(bucket, (this.counts.get(bucket) ?? 0) + count);
    this.total += count;
  }
}
