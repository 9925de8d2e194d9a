import type { Clock } from '@app/shared';
import { isWhole, SIZE_CLASSES, type SizeClass } from './size-class.js';
import { average, SpeedFacts, type SpeedNumbers } from './speed-facts.js';

export interface TargetFailure {
  /** Null: the vendor never answered. */
  readonly status: number | null;
  /** Unix ms. */
  readonly at: number;
}

/** A whole answer begins when a stream would have ended: the speed of one says nothing of the other's. */
export type AnswerKind = 'streams' | 'wholes';

/** Null: not known. */
export interface SpeedAverages {
  /** Moving average of the time to the first token, in ms. */
  readonly ttftMs: number | null;
  /** Moving average of the speed of answers once they flow. */
  readonly tokensPerSecond: number | null;
  /** Since the last sample, in ms. */
  readonly ageMs: number | null;
}

/**
 * What this gateway knows of one `vendor/model`: from its own calls, and how fast it is from others' where it has measured
 * nothing. A class of sizes without samples answers with those of all sizes; null is "not known", also after five minutes
 * without a sample.
 */
export class TargetFacts {
  private readonly streams = new SpeedFacts();
  private readonly wholes = new SpeedFacts();
  private readonly bySize: (SpeedFacts | undefined)[] = SIZE_CLASSES.map(() => undefined);
  private output: number | null = null;
  private measuredCalls = 0;
  private inFlight = 0;
  private failed = 0;
  private failure: TargetFailure | null = null;
  /** Since the last answer; -Infinity: not at all. */
  private missedAt = -Infinity;

  /** @param id `vendor/model` */
  constructor(
    readonly id: string,
    private readonly clock: Clock,
  ) {}

  /** Calls in flight. */
  get open(): number {
    return this.inFlight;
  }

  /** Failed attempts since this gateway first used the target, whosever key it was. */
  get failures(): number {
    return this.failed;
  }

  get lastFailure(): TargetFailure | null {
    return this.failure;
  }

  /** Grows with every call that is measured. */
  get measured(): number {
    return this.measuredCalls;
  }

  /** An attempt begins; `end` must follow, once. */
  begin(): void {
    this.inFlight += 1;
  }

  end(): void {
    this.inFlight -= 1;
  }

  /** An attempt failed. @param status what the target answered, or null when it never did */
  failedWith(status: number | null): void {
    this.failed += 1;
    this.failure = { status, at: this.clock.now() };
  }

  /** The first token (of a whole answer: the answer) came after so many ms. */
  answered({ ttftMs, size }: { readonly ttftMs: number; readonly size: SizeClass }): void {
    const now = this.clock.ticks();
    this.missedAt = -Infinity;
    this.allLike(size).answered(ttftMs, now);
    this.ofSize(size).answered(ttftMs, now);
    this.measuredCalls += 1;
  }

  /** An attempt came to nothing that another target might have answered, also one that says nothing bad of this one. */
  missed(): void {
    this.missedAt = this.clock.ticks();
  }

  /** How long ago that was, in ms; Infinity when it has answered since, or nothing is known. */
  missedFor(): number {
    return this.clock.ticks() - this.missedAt;
  }

  /** The answer ended. */
  produced(answer: {
    readonly tokensPerSecond: number;
    readonly outputTokens: number;
    readonly size: SizeClass;
  }): void {
    const now = this.clock.ticks();
    this.allLike(answer.size).produced(answer.tokensPerSecond, now);
    this.ofSize(answer.size).produced(answer.tokensPerSecond, now);
    this.output = average(this.output, answer.outputTokens);
  }

  /** The averages and their age: of a class, or of all streams (where there were none, of all whole answers). */
  speed(size?: SizeClass): SpeedAverages {
    const now = this.clock.ticks();
    const own = this.of(size);
    const all = this.allLike(size);
    return {
      ttftMs: own?.ttftMsAt(now) ?? all.ttftMsAt(now),
      tokensPerSecond: own?.tokensPerSecondAt(now) ?? all.tokensPerSecondAt(now),
      ageMs: own?.ageAt(now) ?? all.ageAt(now),
    };
  }

  /** Quantile of the time to the first token, off by 2 % at most. @param q between 0 and 1 */
  ttftQuantile(q: number, size?: SizeClass): number | null {
    const now = this.clock.ticks();
    return this.of(size)?.quantileAt(q, now) ?? this.allLike(size).quantileAt(q, now);
  }

  /** How many times to the first token these numbers rest on. */
  samples(size?: SizeClass): number {
    const now = this.clock.ticks();
    return this.of(size)?.samplesAt(now) || this.allLike(size).samplesAt(now);
  }

  /** Moving average of the length of answers. It does not grow old: it is the callers' doing, not the vendor's. */
  outputTokens(): number | null {
    return this.output;
  }

  /** What this gateway measured itself, of all sizes, for the others; null when it has nothing. */
  ownSpeed(kind: AnswerKind): SpeedNumbers | null {
    return this[kind].ownAt(this.clock.ticks());
  }

  /** Another gateway measured it. It answers where this one has no samples. */
  hear(kind: AnswerKind, speed: SpeedNumbers): void {
    this[kind].hear(speed, this.clock.ticks());
  }

  private allLike(size: SizeClass | undefined): SpeedFacts {
    const { streams, wholes } = this;
    if (size === undefined) {
      return streams.ageAt(this.clock.ticks()) === null ? wholes : streams;
    }
    return isWhole(size) ? wholes : streams;
  }

  private of(size: SizeClass | undefined): SpeedFacts | undefined {
    return size === undefined ? undefined : this.bySize[size];
  }

  private ofSize(size: SizeClass): SpeedFacts {
    return (this.bySize[size] ??= new SpeedFacts());
  }
}
