import { within } from '../time/deadline.js';

/** For how long nobody waits for a silent store, in ms. */
const SILENCE_MS = 1000;

/**
 * Whether a store is silent: it left a question without an answer for as long as it may take, and has answered none since. Then nobody
 * waits for it but one question a second, which finds out: so a call that asks several things waits for a frozen store once, and most
 * calls do not.
 */
export class StoreSilence {
  private silentUntil = 0;
  private heardAt = 0;

  /**
   * @param timeoutMs of a question
   * @param ticks monotonic ms
   */
  constructor(
    private readonly timeoutMs: number,
    private readonly ticks = (): number => performance.now(),
  ) {}

  /** False for the one that has to find out. */
  isToBeAwaited(): boolean {
    const now = this.ticks();
    if (now < this.silentUntil) {
      return false;
    }
    if (this.silentUntil > 0) {
      this.silentUntil = now + SILENCE_MS;
    }
    return true;
  }

  /** @param ms it may take @throws DeadlineError, and what the question throws */
  async listen(question: Promise<unknown>, ms: number): Promise<unknown> {
    const askedAt = this.ticks();
    try {
      const answer = await within(ms, question);
      this.heardAt = this.ticks();
      this.silentUntil = 0;
      return answer;
    } catch (error) {
      const now = this.ticks();
      // Drivers have time-outs of their own, and name them otherwise.
      if (now - askedAt >= this.timeoutMs / 2 && this.heardAt < askedAt) {
        this.silentUntil = now + SILENCE_MS;
      }
      throw error;
    }
  }
}
