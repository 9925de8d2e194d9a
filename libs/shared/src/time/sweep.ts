import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { Logger } from '../logging/logger.js';

const SWEEP_MS = 60_000;

/**
 * Until nothing is left, step by step, so that none is long.
 *
 * @param deleteSome deletes so many at most, and tells how many
 */
export async function inBatches(size: number, deleteSome: (limit: number) => Promise<number>): Promise<void> {
  while ((await deleteSome(size)) === size) {
    // the next batch
  }
}

/** Deletes once a minute what is over. What fails is due again the next time. */
export abstract class Sweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;

  /** @param failure what the log says when a sweep failed */
  constructor(
    private readonly logger: Logger,
    private readonly failure: string,
  ) {}

  protected abstract sweep(): Promise<void>;

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer ?? undefined);
  }

  /** Never throws. */
  async run(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.logger.warn({ err: error }, `${this.failure}; the next sweep tries again.`);
    }
  }
}
