import { Injectable } from '@nestjs/common';
import { Clock, RecentCache } from '@app/shared';
import type { Budget } from './budget.entity.js';
import { BudgetRepository } from './budget.repository.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 10_000 };

/** More than that a call could not be held in, for each. */
export const MAX_BUDGETS = 100;

/** The budgets of a project as calls need them. A change is seen within a second by every gateway. */
@Injectable()
export class BudgetBook {
  /** By project, also "it has none": asked on every call. */
  private readonly known: RecentCache<readonly Budget[]>;

  constructor(
    private readonly budgets: BudgetRepository,
    clock: Clock,
  ) {
    this.known = new RecentCache(clock, CACHE);
  }

  /** At once, when the store was asked within the last second; else undefined. */
  peek(projectId: string): readonly Budget[] | undefined {
    return this.known.peek(projectId);
  }

  /** A budget that has not changed is the same object. @throws StoreUnavailableError (503) */
  async get(projectId: string): Promise<readonly Budget[]> {
    return (await this.known.get(projectId, before => this.load(projectId, before))) ?? [];
  }

  /** The next call of that project asks the store. */
  forget(projectId: string): void {
    this.known.forget(projectId);
  }

  private async load(projectId: string, before: readonly Budget[] = []): Promise<readonly Budget[]> {
    const budgets = await this.budgets.list(projectId, MAX_BUDGETS);
    return budgets.map(
      budget => before.find(({ id, version }) => id === budget.id && version === budget.version) ?? budget,
    );
  }
}
