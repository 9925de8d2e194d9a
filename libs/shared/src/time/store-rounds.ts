import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '../logging/logger.js';

const EVERY_MS = 2000;

/** Asks the store every so often what is there, two seconds as a rule. No call needs it: while the store is down it is told once. */
export abstract class StoreRounds implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private storeDown = false;

  /** @param failure what the log says once when the store is down */
  constructor(
    private readonly logger: Logger,
    private readonly failure: string,
    private readonly everyMs = EVERY_MS,
  ) {}

  /** False where there is nobody else to hear of. */
  protected abstract readonly isNeeded: boolean;

  protected abstract round(): Promise<void>;

  onApplicationBootstrap(): void {
    if (this.isNeeded) {
      this.timer = setInterval(() => void this.run(), this.everyMs).unref();
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    await this.running;
  }

  /** One at a time, however slow the store is; never throws. */
  run(): Promise<void> {
    this.running ??= this.tryRound().finally(() => (this.running = null));
    return this.running;
  }

  private async tryRound(): Promise<void> {
    try {
      await this.round();
      this.storeDown = false;
    } catch (error) {
      this.noteOutage(error);
    }
  }

  /** Once per outage. */
  private noteOutage(error: unknown): void {
    if (!this.storeDown) {
      this.storeDown = true;
      this.logger.warn({ err: error }, this.failure);
    }
  }
}
