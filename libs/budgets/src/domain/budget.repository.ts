import type { Budget } from './budget.entity.js';

/** Storage port of the budgets. */
export abstract class BudgetRepository {
  abstract insert(budget: Budget): Promise<void>;
  abstract findById(projectId: string, id: string): Promise<Budget | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<Budget[]>;
  /** Of all projects, likewise. */
  abstract listAll(limit: number, after?: string): Promise<Budget[]>;
  /** Takes the place of the version before its own. False when that is not there (any more). */
  abstract replace(budget: Budget): Promise<boolean>;
  /** False when that version is not there (any more). */
  abstract delete(budget: Pick<Budget, 'id' | 'version'>): Promise<boolean>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
