import { wholeCount } from '@app/dialects';

/** When an answer was heard: since its caller waited for it, and after that had begun to speak. */
export class SoundTimes {
  /** Monotonic ms, as the next ones. */
  private firstAt: number | null = null;
  private lastAt = 0;
  private spokenOverAt: number | null = null;

  /** @param askedAt since when it is waited for, in monotonic ms; null: nobody told */
  constructor(private readonly askedAt: number | null) {}

  get isHeard(): boolean {
    return this.firstAt !== null;
  }

  /** A piece of its sound is passed on. */
  sounded(): void {
    this.lastAt = performance.now();
    this.firstAt ??= this.lastAt;
  }

  /** The caller has begun to speak, or does not want to hear more. */
  spokenOver(): void {
    if (this.isHeard) {
      this.spokenOverAt ??= performance.now();
    }
  }

  /** How long its first sound was waited for. */
  get firstSoundMs(): number | null {
    const { askedAt, firstAt } = this;
    return askedAt === null || firstAt === null ? null : wholeCount(firstAt - askedAt);
  }

  /** How long it was heard while its caller spoke. */
  get bargeInMs(): number | null {
    const { spokenOverAt, lastAt } = this;
    return spokenOverAt === null ? null : wholeCount(Math.max(lastAt - spokenOverAt, 0));
  }
}
