import { Inject, Injectable } from '@nestjs/common';
import { Config, LOGGER, type Logger, StoreRounds } from '@app/shared';
import { HealthFactsRepository } from './health-facts.repository.js';
import { HealthReports } from './health-reports.js';

const MOST_GATEWAYS = 100;

/**
 * Gateways that share a store tell each other which targets fail, which keys are left alone and how fast targets are.
 * None needs it: while the store is down each goes by its own calls. An embedded store has one gateway.
 */
@Injectable()
export class HealthExchange extends StoreRounds {
  protected readonly isNeeded: boolean;
  private unsent = false;

  constructor(
    private readonly stored: HealthFactsRepository,
    private readonly reports: HealthReports,
    config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Gateways cannot tell each other which targets fail: the store is down.');
    this.isNeeded = config.store.kind !== 'sqlite';
  }

  /** Tells and hears. */
  protected async round(): Promise<void> {
    const report = this.reports.next(this.unsent);
    if (report) {
      this.unsent = true;
      await this.stored.put(report);
      this.unsent = false;
    }
    this.reports.hear(await this.stored.findOthers(this.reports.replica, MOST_GATEWAYS));
  }
}
