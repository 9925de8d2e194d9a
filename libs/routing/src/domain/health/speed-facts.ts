import { QuantileSketch } from './quantile-sketch.js';

/** Weight of the latest sample: after ten of them, what was before counts a tenth. */
const ALPHA = 0.2;
/** What was not measured for so long is not known any more: a target that was slow then may be tried again, in ms. */
const FORGET_MS = 300_000;

/** What a gateway tells others of a target; times in ms. */
export interface SpeedNumbers {
  /** Moving average of the time to the first token. */
  readonly ttftMs: number;
  readonly p50: number;
  readonly p95: number;
  /** Null: not known. */
  readonly tokensPerSecond: number | null;
}

/** How fast answers begin and flow: moving averages, of which later samples count more. Times are monotonic ms. */
export class SpeedFacts {
  private sketch: QuantileSketch | null = null;
  private begun = 0;
  private ttft = 0;
  private speed: number | null = null;
  private measuredAt = 0;
  /** Of others, for want of our own. */
  private heard: SpeedNumbers | null = null;
  private heardAt = 0;

  /** Samples of the time to the first token. */
  samplesAt(now: number): number {
    return this.isKnownAt(now) ? this.begun : 0;
  }

  answered(ttftMs: number, now: number): void {
    this.forgetOldAt(now);
    this.sketch ??= new QuantileSketch();
    this.sketch.add(ttftMs);
    this.ttft = this.begun === 0 ? ttftMs : average(this.ttft, ttftMs);
    this.begun += 1;
    this.measuredAt = now;
  }

  produced(tokensPerSecond: number, now: number): void {
    this.forgetOldAt(now);
    this.speed = average(this.speed, tokensPerSecond);
    this.measuredAt = now;
  }

  /** Another gateway measured it. It answers where this one did not. */
  hear(numbers: SpeedNumbers, now: number): void {
    this.heard = numbers;
    this.heardAt = now;
  }

  ttftMsAt(now: number): number | null {
    return this.samplesAt(now) > 0 ? this.ttft : (this.heardBy(now)?.ttftMs ?? null);
  }

  quantileAt(q: number, now: number): number | null {
    if (this.samplesAt(now) > 0) {
      return this.sketch?.quantile(q) ?? null;
    }
    const heard = this.heardBy(now);
    return heard && (q > 0.5 ? heard.p95 : heard.p50);
  }

  tokensPerSecondAt(now: number): number | null {
    const own = this.isKnownAt(now) ? this.speed : null;
    return own ?? this.heardBy(now)?.tokensPerSecond ?? null;
  }

  /** What this gateway measured itself; null when it has nothing. */
  ownAt(now: number): SpeedNumbers | null {
    const p50 = this.sketch?.quantile(0.5) ?? null;
    const p95 = this.sketch?.quantile(0.95) ?? null;
    if (this.samplesAt(now) === 0 || p50 === null || p95 === null) {
      return null;
    }
    return { ttftMs: this.ttft, p50, p95, tokensPerSecond: this.speed };
  }

  private heardBy(now: number): SpeedNumbers | null {
    return now - this.heardAt < FORGET_MS ? this.heard : null;
  }

  /** Since the last sample, or since another gateway told of its own, in ms; null when it is not known any more. */
  ageAt(now: number): number | null {
    if (this.samplesAt(now) > 0) {
      return now - this.measuredAt;
    }
    return this.heardBy(now) && now - this.heardAt;
  }

  private isKnownAt(now: number): boolean {
    return now - this.measuredAt < FORGET_MS;
  }

  private forgetOldAt(now: number): void {
    if (!this.isKnownAt(now)) {
      this.sketch?.clear();
      this.begun = 0;
      this.speed = null;
    }
  }
}

/** Moves an average towards a new value; the first value is the average. */
export function average(before: number | null, value: number): number {
  return before === null ? value : before + ALPHA * (value - before);
}
