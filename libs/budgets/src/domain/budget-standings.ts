import { Injectable } from '@nestjs/common';
import { Clock, eachPage } from '@app/shared';
import { spentSince } from './budget-account.js';
import { BudgetAccountRepository } from './budget-account.repository.js';
import type { Budget } from './budget.entity.js';
import { BudgetRepository } from './budget.repository.js';
import { windowAt } from './budget-window.js';

const PAGE = 200;

/** What is spent of one account of a budget in the window of now. */
export interface BudgetStanding {
  readonly budget: Budget;
  /** See `BudgetAccount`. */
  readonly subject: string;
  /** By calls that are in the ledger, in nano-USD. */
  readonly spent: number;
}

/** How budgets stand, for those who watch them. */
@Injectable()
export class BudgetStandings {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly accounts: BudgetAccountRepository,
    private readonly clock: Clock,
  ) {}

  /** All accounts, read page by page. @param projectId null: of all projects */
  async *of(projectId: string | null): AsyncGenerator<BudgetStanding> {
    const list = (limit: number, after?: string): Promise<Budget[]> =>
      projectId === null ? this.budgets.listAll(limit, after) : this.budgets.list(projectId, limit, after);
    for await (const budget of all(list)) {
      const { from } = windowAt(budget, this.clock.now());
      for await (const account of all((limit, after) => this.accounts.list(budget.id, limit, after))) {
        yield { budget, subject: account.subject, spent: spentSince(account, from) };
      }
    }
  }
}

async function* all<Entry extends { readonly id: string }>(
  list: (limit: number, after?: string) => Promise<Entry[]>,
): AsyncGenerator<Entry> {
  for await (const page of eachPage<Entry>(PAGE, after => list(PAGE, after?.id))) {
    yield* page;
  }
}
