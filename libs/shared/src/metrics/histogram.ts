/** How often a value was at most so much. */
export class Histogram {
  /** Of each bucket alone; what is above the last bound is in `count` alone. */
  readonly counts: number[];
  count = 0;
  sum = 0;

  /** @param bounds the highest value of each bucket, rising */
  constructor(readonly bounds: readonly number[]) {
    this.counts = bounds.map(() => 0);
  }

  add(value: number): void {
    let bucket = 0;
    while (value > (this.bounds[bucket] ?? Infinity)) {
      bucket += 1;
    }
    if (bucket < this.bounds.length) {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    }
    this.count += 1;
    this.sum += value;
  }

  /** @param other has the same bounds */
  merge({ counts, count, sum }: Histogram): void {
    counts.forEach((more, bucket) => (this.counts[bucket] = (this.counts[bucket] ?? 0) + more));
    this.count += count;
    this.sum += sum;
  }
}
