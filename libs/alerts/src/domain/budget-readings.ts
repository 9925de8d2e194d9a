import { Inject, Injectable } from '@nestjs/common';
import { type BudgetStanding, BudgetStandings } from '@app/budgets';
import { LOGGER, type Logger, nanoUsdOf } from '@app/shared';
import type { Reading } from './alert-state.js';
import type { Alert } from './alert.entity.js';

/** Accounts that one alert watches: budgets may have one for each end user. */
const MOST_ACCOUNTS = 10_000;
/** Of what a budget of 0 may cost, anything is more than all. */
const BEYOND = 1e6;

/** What is spent of budgets, in per cent. */
@Injectable()
export class BudgetReadings {
  private hasTold = false;

  constructor(
    private readonly standings: BudgetStandings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** What is at the lowest threshold or above. @throws StoreUnavailableError (503) */
  async of({ projectId, thresholds }: Alert): Promise<Reading[]> {
    const lowest = Math.min(...thresholds);
    const readings: Reading[] = [];
    let accounts = 0;
    for await (const standing of this.standings.of(projectId)) {
      accounts += 1;
      if (accounts > MOST_ACCOUNTS) {
        this.tellTooMany();
        break;
      }
      const reading = readingOf(standing);
      if (reading.value >= lowest) {
        readings.push(reading);
      }
    }
    return readings;
  }

  private tellTooMany(): void {
    if (!this.hasTold) {
      this.hasTold = true;
      this.logger.warn(
        { accounts: MOST_ACCOUNTS },
        'Budgets have more accounts than an alert watches: name a project in it. Those behind are not watched.',
      );
    }
  }
}

function readingOf({ budget, subject, spent }: BudgetStanding): Reading {
  const { id, name, limitUsd, period, projectId } = budget;
  const limit = nanoUsdOf(limitUsd);
  const whose = (JSON.parse(subject) as (string | null)[]).map(part => part ?? 'none').join(', ');
  const of = whose === '' ? '' : ` of ${whose}`;
  return {
    subject: `${id} ${subject}`,
    about: `Budget '${name}'${of} (${limitUsd} USD, ${period}, project ${projectId})`,
    value: limit > 0 ? (100 * spent) / limit : spent > 0 ? BEYOND : 0,
  };
}
