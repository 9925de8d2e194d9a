import { Injectable } from '@nestjs/common';
import { type ApiKey, ApiKeysService, type Project, ProjectsService } from '@app/projects';
import type { Budget } from './budget.entity.js';
import { BudgetBook } from './budget-book.js';
import { BudgetsService, type Spending } from './budgets.service.js';
import { subjectOfKey } from './spender.js';

/** A budget that counts for a key. */
export interface KeyBudget {
  readonly budget: Budget;
  /** Null where not the key alone decides whose account it is: each end user has one. */
  readonly spending: Spending | null;
}

export interface KeyStanding {
  readonly project: Project;
  readonly apiKey: ApiKey;
  readonly budgets: readonly KeyBudget[];
}

/** What a key may do, and what is left of it. */
@Injectable()
export class KeyStandings {
  constructor(
    private readonly projects: ProjectsService,
    private readonly apiKeys: ApiKeysService,
    private readonly budgets: BudgetsService,
    private readonly book: BudgetBook,
  ) {}

  /** @throws StoreUnavailableError (503) */
  async of(projectId: string, keyId: string): Promise<KeyStanding> {
    const project = await this.projects.get(projectId);
    const apiKey = await this.apiKeys.get(projectId, keyId);
    const all = await this.book.get(projectId);
    const counting = all.filter(budget => budget.keyId === null || budget.keyId === keyId);
    const budgets = await Promise.all(
      counting.map(async budget => ({ budget, spending: await this.spendingOf(budget, keyId) })),
    );
    return { project, apiKey, budgets };
  }

  private async spendingOf(budget: Budget, keyId: string): Promise<Spending | null> {
    const subject = subjectOfKey(budget, keyId);
    return subject === null ? null : this.budgets.spendingBy(budget, subject);
  }
}
