import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config, LOGGER, type Logger } from '@app/shared';
import { PricesInForce } from './prices-in-force.js';

const EVERY_MS = 2000;

/**
 * Gateways that share a store hear of new prices from it. While it is down, what holds goes on holding. An embedded store has
 * one gateway, and a file is read at the start alone.
 */
@Injectable()
export class PricesRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private storeDown = false;

  constructor(
    private readonly inForce: PricesInForce,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.store.kind !== 'sqlite' && this.config.pricesFile === undefined) {
      this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    await this.running;
  }

  /** One at a time, however slow the store is; never throws. */
  run(): Promise<void> {
    this.running ??= this.refresh().finally(() => (this.running = null));
    return this.running;
  }

  private async refresh(): Promise<void> {
    try {
      await this.inForce.refresh();
      this.storeDown = false;
    } catch (error) {
      this.noteOutage(error);
    }
  }

  /** Once per outage. */
  private noteOutage(error: unknown): void {
    if (!this.storeDown) {
      this.storeDown = true;
      this.logger.warn({ err: error }, 'New prices are not heard of for now.');
    }
  }
}
