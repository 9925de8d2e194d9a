import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { LOGGER, type Logger, StoreRounds } from '@app/shared';
import { BudgetLeases } from './budget-leases.js';

/** What calls do not need goes back, so that other gateways have it: a moment after, and all of it at the end. */
@Injectable()
export class BudgetRounds extends StoreRounds implements BeforeApplicationShutdown {
  protected readonly isNeeded = true;

  constructor(
    private readonly leases: BudgetLeases,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super(log, 'What is left of budgets is not given back for now.');
  }

  protected round(): Promise<void> {
    return this.leases.round();
  }

  /** Calls have ended by now. */
  async beforeApplicationShutdown(): Promise<void> {
    try {
      await this.leases.round(true);
    } catch (error) {
      this.log.warn({ err: error }, 'What is left of budgets was not given back: the next start does it.');
    }
  }
}
