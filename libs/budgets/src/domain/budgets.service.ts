import { Injectable } from '@nestjs/common';
import { ProjectsService } from '@app/projects';
import { Clock, NotFoundError, type Page, pageOf, type PageQuery } from '@app/shared';
import { accountId, type BudgetAccount, newAccount, spentSince, takenSince } from './budget-account.js';
import { BudgetAccountRepository } from './budget-account.repository.js';
import type { Budget } from './budget.entity.js';
import { windowAt } from './budget-window.js';
import { KeptBudgets } from './kept-budgets.js';

/** What became of a budget, in nano-USD, in the window of now. */
export interface Spending {
  /** See `BudgetAccount`. */
  readonly subject: string;
  /** By calls that are in the ledger. */
  readonly spent: number;
  /** Set aside by gateways for calls that may come, or are not in the ledger yet. */
  readonly reserved: number;
  /** Unix ms when all of it is back; null: never. */
  readonly resetAt: number | null;
}

export interface NamedBudget extends Budget {
  /** Null: it was deleted meanwhile. */
  readonly projectName: string | null;
}

/** What projects have of budgets. */
@Injectable()
export class BudgetsService {
  constructor(
    private readonly kept: KeptBudgets,
    private readonly accounts: BudgetAccountRepository,
    private readonly projects: ProjectsService,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<Budget>> {
    await this.projects.get(projectId);
    return pageOf(await this.kept.list(projectId, limit + 1, after), limit);
  }

  /** Of all projects, each with the name of its own. */
  async listAll({ limit, after }: PageQuery): Promise<Page<NamedBudget>> {
    const { data, next } = pageOf(await this.kept.listAll(limit + 1, after), limit);
    const ids = [...new Set(data.map(({ projectId }) => projectId))];
    const names = new Map(await Promise.all(ids.map(async id => [id, await this.projectName(id)] as const)));
    const named = data.map(budget => ({ ...budget, projectName: names.get(budget.projectId) ?? null }));
    return { data: named, next };
  }

  /** @throws NotFoundError */
  async get(projectId: string, id: string): Promise<Budget> {
    const budget = await this.kept.find(projectId, id);
    if (!budget) {
      throw new NotFoundError('Budget', id);
    }
    return budget;
  }

  /** Of all that have an account; a page goes on behind the id of one. */
  async spending(
    budget: Budget,
    { limit, after }: PageQuery,
  ): Promise<Page<Spending & { readonly id: string }>> {
    const { data, next } = pageOf(await this.accounts.list(budget.id, limit + 1, after), limit);
    return { data: data.map(account => ({ id: account.id, ...this.spendingOf(budget, account) })), next };
  }

  /** Of one account, which need not be there. @param subject see `BudgetAccount` */
  async spendingBy(budget: Budget, subject: string): Promise<Spending> {
    const { id: budgetId, projectId } = budget;
    const id = accountId(budgetId, subject);
    const account = await this.accounts.find(id);
    return this.spendingOf(budget, account ?? newAccount({ id, budgetId, projectId, subject }));
  }

  private async projectName(id: string): Promise<string | null> {
    try {
      return (await this.projects.get(id)).name;
    } catch (error) {
      if (error instanceof NotFoundError) {
        return null; // deleted for good at this moment: its budgets are on their way
      }
      throw error;
    }
  }

  private spendingOf(budget: Budget, account: BudgetAccount): Spending {
    const { from, resetAt } = windowAt(budget, this.clock.now());
    const spent = spentSince(account, from);
    return { subject: account.subject, spent, reserved: takenSince(account, from) - spent, resetAt };
  }
}
