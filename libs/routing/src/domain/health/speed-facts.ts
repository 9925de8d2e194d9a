import { QuantileSketch } from './quantile-sketch.js';

/** Weight of the latest sample: after ten of them, what was before counts a tenth. */
const ALPHA = 0.2;
/** What was not measured for so long is not known any more: a target that was slow then may be tried again, in ms. */
const FORGET_MS = 300_000;

/** How fast answers begin and flow: moving averages, of which later samples count more. Times are monotonic ms. */
export class SpeedFacts {
  private sketch: QuantileSketch | null = null;
  private begun = 0;
  private ttft = 0;
  private speed: number | null = null;
  private measuredAt = 0;

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

  ttftMsAt(now: number): number | null {
    return this.samplesAt(now) > 0 ? this.ttft : null;
  }

  quantileAt(q: number, now: number): number | null {
    return this.samplesAt(now) > 0 ? (this.sketch?.quantile(q) ?? null) : null;
  }

  tokensPerSecondAt(now: number): number | null {
    return this.isKnownAt(now) ? this.speed : null;
  }

  /** Since the last sample, in ms; null when it is not known any more. */
  ageAt(now: number): number | null {
    return this.samplesAt(now) > 0 ? now - this.measuredAt : null;
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
