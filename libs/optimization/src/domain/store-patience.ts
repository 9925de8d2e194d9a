import { type Clock, type Logger, within } from '@app/shared';

/** A caller waits for what is found, and would rather have its vendor asked than wait longer. */
export const FIND_MS = 200;
/** A store that cannot take as many at once gets no more. */
const MOST_WRITES = 32;
/** For so long a store that failed is not asked: not every caller is to wait for it in vain. */
const PAUSE_MS = 2000;

/** How long, and how often, a store is asked that nobody needs: while it is away there is nothing in it, and the log tells once. */
export class StorePatience {
  private readonly writes = new Set<Promise<boolean>>();
  private pausedUntil = 0;
  private isAway = false;

  /** @param outage what the log says */
  constructor(
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly outage: string,
    private readonly findMs = FIND_MS,
  ) {}

  /** Undefined when the store does not tell, or not in time. Never throws. */
  async ask<Found>(find: () => Promise<Found>): Promise<Found | undefined> {
    if (this.isPaused) {
      return undefined;
    }
    try {
      const found = await within(this.findMs, find());
      this.isAway = false;
      return found;
    } catch (error) {
      this.noteOutage(error);
      return undefined;
    }
  }

  /**
   * Off the road: not at all while the store is away, or has too much before it. Never throws.
   *
   * @returns whether it was done
   */
  write(work: () => Promise<unknown>): Promise<boolean> {
    return this.writes.size >= MOST_WRITES || this.isPaused ? Promise.resolve(false) : this.insist(work);
  }

  /** The same, whatever is before it. */
  insist(work: () => Promise<unknown>): Promise<boolean> {
    const write = this.done(work).finally(() => this.writes.delete(write));
    this.writes.add(write);
    return write;
  }

  /** Resolves when all that was to be written is written. */
  async settled(): Promise<void> {
    await Promise.all(this.writes);
  }

  private get isPaused(): boolean {
    return this.clock.ticks() < this.pausedUntil;
  }

  private async done(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      this.isAway = false;
      return true;
    } catch (error) {
      this.noteOutage(error);
      return false;
    }
  }

  /** Once per outage. */
  private noteOutage(error: unknown): void {
    this.pausedUntil = this.clock.ticks() + PAUSE_MS;
    if (!this.isAway) {
      this.isAway = true;
      this.logger.warn({ err: error }, this.outage);
    }
  }
}
