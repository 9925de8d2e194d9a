/** Work that goes on while nobody waits for it, until somebody does. */
export class WorkUnderWay {
  private readonly work = new Set<Promise<unknown>>();

  /** @param work whoever begins it hears how it ends */
  add(work: Promise<unknown>): void {
    const done = work.catch(() => undefined).finally(() => this.work.delete(done));
    this.work.add(done);
  }

  /** Resolves when there is none, also none that was added meanwhile. Never throws. */
  async idle(): Promise<void> {
    while (this.work.size > 0) {
      await Promise.all(this.work);
    }
  }
}
