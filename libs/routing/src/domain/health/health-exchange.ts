import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Config, LOGGER, type Logger } from '@app/shared';
import { HealthFactsRepository } from './health-facts.repository.js';
import { HealthReports } from './health-reports.js';

const EVERY_MS = 2000;
const MOST_GATEWAYS = 100;

/**
 * Gateways that share a store tell each other which targets fail, which keys are left alone and how fast targets are.
 * None needs it: while the store is down each goes by its own calls. An embedded store has one gateway.
 */
@Injectable()
export class HealthExchange implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> | null = null;
  private unsent = false;
  private storeDown = false;

  constructor(
    private readonly stored: HealthFactsRepository,
    private readonly reports: HealthReports,
    private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    if (this.config.store.kind !== 'sqlite') {
      this.timer = setInterval(() => void this.run(), EVERY_MS).unref();
    }
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.timer ?? undefined);
    await this.running;
  }

  /** Tells and hears. One at a time, however slow the store is; never throws. */
  run(): Promise<void> {
    this.running ??= this.exchange().finally(() => (this.running = null));
    return this.running;
  }

  private async exchange(): Promise<void> {
    try {
      const report = this.reports.next(this.unsent);
      if (report) {
        this.unsent = true;
        await this.stored.put(report);
        this.unsent = false;
      }
      this.reports.hear(await this.stored.findOthers(this.reports.replica, MOST_GATEWAYS));
      this.storeDown = false;
    } catch (error) {
      this.noteOutage(error);
    }
  }

  /** Once per outage. */
  private noteOutage(error: unknown): void {
    if (!this.storeDown) {
      this.storeDown = true;
      this.logger.warn(
        { err: error },
        'Gateways cannot tell each other which targets fail: the store is down.',
      );
    }
  }
}
