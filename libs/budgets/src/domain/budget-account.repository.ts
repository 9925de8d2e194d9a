import type { VersionedRecords } from '@app/shared';
import type { BudgetAccount } from './budget-account.js';

/** Storage port of the accounts. */
export abstract class BudgetAccountRepository implements VersionedRecords<BudgetAccount> {
  abstract find(id: string): Promise<BudgetAccount | null>;
  abstract put(account: BudgetAccount): Promise<boolean>;
  /** Of one budget, at most `limit`, by id, behind `after`. */
  abstract list(budgetId: string, limit: number, after?: string): Promise<BudgetAccount[]>;
  /** Ids of accounts of which that process has a share, at most `limit`, behind `after`. */
  abstract sharedBy(process: string, limit: number, after?: string): Promise<string[]>;
  abstract deleteOfBudget(budgetId: string): Promise<void>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
