import { Injectable } from '@nestjs/common';
import { BudgetAccountRepository } from './budget-account.repository.js';
import { BudgetBook } from './budget-book.js';
import type { Budget } from './budget.entity.js';
import { BudgetRepository } from './budget.repository.js';

/** Budgets with their accounts. This gateway's calls hear of a change at once. */
@Injectable()
export class KeptBudgets {
  constructor(
    private readonly budgets: BudgetRepository,
    private readonly accounts: BudgetAccountRepository,
    private readonly book: BudgetBook,
  ) {}

  async insert(budget: Budget): Promise<void> {
    await this.budgets.insert(budget);
    this.book.forget(budget.projectId);
  }

  find(projectId: string, id: string): Promise<Budget | null> {
    return this.budgets.findById(projectId, id);
  }

  /** At most `limit`, oldest first, behind the one with the id `after`. */
  list(projectId: string, limit: number, after?: string): Promise<Budget[]> {
    return this.budgets.list(projectId, limit, after);
  }

  /** Of all projects, likewise. */
  listAll(limit: number, after?: string): Promise<Budget[]> {
    return this.budgets.listAll(limit, after);
  }

  /** False when the version before its own is not the latest (any more). */
  async replace(budget: Budget): Promise<boolean> {
    const isReplaced = await this.budgets.replace(budget);
    this.book.forget(budget.projectId);
    return isReplaced;
  }

  /** With its accounts. False when that version is not the latest (any more). */
  async delete(budget: Budget): Promise<boolean> {
    const isDeleted = await this.budgets.delete(budget);
    this.book.forget(budget.projectId);
    if (isDeleted) {
      await this.accounts.deleteOfBudget(budget.id);
    }
    return isDeleted;
  }

  /** Deletes all of a project. @throws StoreUnavailableError (503); what was deleted until then stays deleted */
  async deleteOf(projectId: string): Promise<void> {
    await this.budgets.deleteOf(projectId);
    await this.accounts.deleteOf(projectId);
    this.book.forget(projectId);
  }
}
