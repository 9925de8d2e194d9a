/** A vendor that is told to break off says what the answer has used. */
const LAST_WORD_MS = 2000;

/** What is waited for when a session is over. */
export class LastWord {
  private readonly said = Promise.withResolvers<void>();

  /** Nothing more comes that somebody waits for. */
  hear(): void {
    this.said.resolve();
  }

  async wait(): Promise<void> {
    const late = setTimeout(() => this.hear(), LAST_WORD_MS);
    await this.said.promise;
    clearTimeout(late);
  }
}
