import type { BudgetAccount } from './budget-account.js';

/** Storage port of the accounts. */
export abstract class BudgetAccountRepository {
  abstract find(id: string): Promise<BudgetAccount | null>;
  /**
   * Takes the place of the version before its own; version 1 that of none. False when another was faster. When it fails, nobody
   * knows whether it did.
   */
  abstract put(account: BudgetAccount): Promise<boolean>;
  /** Of one budget, at most `limit`, by id, behind `after`. */
  abstract list(budgetId: string, limit: number, after?: string): Promise<BudgetAccount[]>;
  /** Ids of accounts of which that process has a share, at most `limit`, behind `after`. */
  abstract sharedBy(process: string, limit: number, after?: string): Promise<string[]>;
  abstract deleteOfBudget(budgetId: string): Promise<void>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
