/** One word with the store at a time: whoever comes while one is under way shares the next. */
export class Turns {
  private running: Promise<void> | null = null;
  private next: Promise<void> | null = null;

  constructor(private readonly word: () => Promise<void>) {}

  /** Nobody waits for a word. */
  get areOver(): boolean {
    return this.running === null && this.next === null;
  }

  /** Resolves when a word is done that began after now. @throws what the word throws */
  take(): Promise<void> {
    this.next ??= this.after(this.running);
    return this.next;
  }

  private async after(running: Promise<void> | null): Promise<void> {
    await running?.catch(() => undefined); // its own waiters hear of it
    this.running = this.next;
    this.next = null;
    try {
      await this.word();
    } finally {
      this.running = null;
    }
  }
}
