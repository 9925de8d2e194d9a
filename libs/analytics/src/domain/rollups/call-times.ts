import { Sketch, type SketchCounts } from '../sketch.js';
import type { UsageRecord } from '../usage-record.entity.js';

/** What rollups keep distributions of, in ms as in the records. */
export const TIMES = ['latencyMs', 'firstTokenMs'] as const;
export type Time = (typeof TIMES)[number];

/** A distribution of each. */
export type CallTimes = Readonly<Record<Time, SketchCounts>>;

/** As it is stored where nothing is added any more, each as `Sketch.pack` makes it. */
export type PackedTimes = Readonly<Record<Time, string>>;

export const NO_TIMES: CallTimes = byTime(() => []);

/** Distributions in the making. */
export class TimeSketches {
  private readonly sketches = byTime(() => new Sketch());

  add(time: Time, ms: number, calls: number): void {
    this.sketches[time].add(ms, calls);
  }

  /** @param bucket of a `Sketch` */
  addBucket(time: Time, bucket: number, calls: number): void {
    this.sketches[time].merge([[bucket, calls]]);
  }

  addRecord({ outcome, latencyMs, firstTokenMs, voice }: UsageRecord): void {
    if (outcome !== 'unsettled' && !voice?.relay) {
      this.add('latencyMs', latencyMs, 1); // nobody timed the one; a session lasts as long as its caller likes
    }
    if (firstTokenMs !== null) {
      this.add('firstTokenMs', firstTokenMs, 1);
    }
  }

  merge(times: CallTimes): void {
    TIMES.forEach(time => this.sketches[time].merge(times[time]));
  }

  mergePacked(packed: PackedTimes): void {
    TIMES.forEach(time => this.sketches[time].mergePacked(packed[time]));
  }

  pack(): PackedTimes {
    return byTime(time => this.sketches[time].pack());
  }

  of(time: Time): Sketch {
    return this.sketches[time];
  }

  toJSON(): CallTimes {
    return byTime(time => this.sketches[time].toJSON());
  }
}

export function packed(times: CallTimes): PackedTimes {
  const sketches = new TimeSketches();
  sketches.merge(times);
  return sketches.pack();
}

export function sameTimes(a: CallTimes, b: CallTimes): boolean {
  return JSON.stringify(TIMES.map(time => a[time])) === JSON.stringify(TIMES.map(time => b[time]));
}

export function byTime<Value>(valueOf: (time: Time) => Value): Record<Time, Value> {
  return Object.fromEntries(TIMES.map(time => [time, valueOf(time)])) as Record<Time, Value>;
}
