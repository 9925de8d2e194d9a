/** The wait for the first sound or word of an answer, which has a longest time. */
export class AnswerWait {
  private isOn = false;
  private timer: NodeJS.Timeout | null = null;

  /** @param mostMs null: as long as it takes */
  constructor(
    private readonly mostMs: number | null,
    private readonly onLate: (mostMs: number) => void,
  ) {}

  /** @param isAwaited one is, and nothing of it was heard */
  follow(isAwaited: boolean): void {
    const { mostMs } = this;
    if (isAwaited === this.isOn || mostMs === null) {
      return;
    }
    this.excuse();
    this.isOn = isAwaited;
    if (isAwaited) {
      this.timer = setTimeout(() => this.onLate(mostMs), mostMs);
    }
  }

  /** It may take as long as it likes: perhaps nobody will answer. */
  excuse(): void {
    if (this.timer) {
      clearTimeout(this.timer);
      this.timer = null;
    }
  }

  stop(): void {
    this.excuse();
    this.isOn = false;
  }
}
