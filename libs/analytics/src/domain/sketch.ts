/** A value is told to 2.5 %: each bucket ends 5 % above the one before. */
const GROWTH = 1.05;
const LOG_GROWTH = Math.log(GROWTH);
/** Of the middle of a bucket, relative to its end. */
const MIDDLE = 2 / (1 + GROWTH);

/** 0.95 of 140 is a bit more than 133. */
const ROUNDING = 1e-6;

/** As it goes from gateway to gateway, and is stored while it grows: `[bucket, count]`, lowest first. */
export type SketchCounts = readonly (readonly [bucket: number, count: number])[];

/**
 * A distribution of which percentiles can be told, to 2.5 %, also of several put together: DDSketch (Masson, Rim, Lee: VLDB 2019)
 * with whole buckets. Averages of percentiles would be percentiles of nothing.
 */
export class Sketch {
  /** By bucket, of which there are some hundred: a day in ms is in bucket 375. */
  private readonly counts: number[] = [];
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

  /** @param packed as of `pack` */
  mergePacked(packed: string): void {
    const bytes = Buffer.from(packed, 'base64');
    let bucket = 0;
    let at = 0;
    while (at < bytes.length) {
      bucket += numberAt(bytes, at);
      at = endAt(bytes, at);
      this.count(bucket, numberAt(bytes, at));
      at = endAt(bytes, at);
    }
  }

  /** For where it is read often and seldom written: base64 of numbers of 7 bits a byte, of each bucket how far it is from the one before, and its count. */
  pack(): string {
    const bytes: number[] = [];
    let last = 0;
    for (const [bucket, count] of this.toJSON()) {
      append(bytes, bucket - last);
      append(bytes, count);
      last = bucket;
    }
    return Buffer.from(bytes).toString('base64');
  }

  /** The least value that so many of all do not exceed (of few, the largest of all); null of none. @param share from 0 to 1 */
  quantile(share: number): number | null {
    const rank = Math.ceil(share * this.total - ROUNDING);
    let seen = 0;
    for (const [bucket, count] of this.toJSON()) {
      seen += count;
      if (seen >= rank) {
        return Math.round(bucket === 0 ? 1 : GROWTH ** bucket * MIDDLE);
      }
    }
    return null;
  }

  toJSON(): SketchCounts {
    const told: [number, number][] = [];
    this.counts.forEach((count, bucket) => told.push([bucket, count]));
    return told;
  }

  private count(bucket: number, count: number): void {
    this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    this.total += count;
  }
}

/** Seven bits of a byte are the number's, lowest first; the eighth says that there are more. */
const BASE = 128;

function append(bytes: number[], number: number): void {
  let rest = number;
  while (rest >= BASE) {
    bytes.push((rest % BASE) + BASE);
    rest = Math.floor(rest / BASE);
  }
  bytes.push(rest);
}

function numberAt(bytes: Uint8Array, start: number): number {
  let number = 0;
  let unit = 1;
  for (let at = start; at < bytes.length; at++, unit *= BASE) {
    const byte = bytes[at] ?? 0;
    number += (byte % BASE) * unit;
    if (byte < BASE) {
      break;
    }
  }
  return number;
}

function endAt(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] ?? 0) >= BASE) {
    at += 1;
  }
  return at + 1;
}
