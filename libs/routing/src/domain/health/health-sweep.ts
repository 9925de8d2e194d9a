import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Sweep } from '@app/shared';
import { HealthFactsRepository } from './health-facts.repository.js';

/** A gateway that wrote nothing for so long is gone, or has nothing to tell; its next report makes a new record. */
const KEPT_MS = 600_000;

/** Deletes the reports of gateways that are gone. */
@Injectable()
export class HealthSweep extends Sweep {
  constructor(
    private readonly stored: HealthFactsRepository,
    private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Old reports of gateways could not be deleted');
  }

  protected async sweep(): Promise<void> {
    await this.stored.deleteBefore(this.clock.now() - KEPT_MS);
  }
}
