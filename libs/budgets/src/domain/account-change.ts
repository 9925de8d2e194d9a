import { StoreUnavailableError } from '@app/shared';
import type { BudgetAccount } from './budget-account.js';
import type { BudgetAccountRepository } from './budget-account.repository.js';

/** So often another process may be faster. */
const ATTEMPTS = 20;

export interface AccountChange {
  /** Null: it was not in the store. */
  readonly before: BudgetAccount | null;
  readonly after: BudgetAccount;
}

/**
 * Replaces an account by what is made of it; again, when another process was faster.
 *
 * @param change gets null when it is not in the store, and gives null when nothing is to be changed
 * @returns null when nothing was changed
 * @throws StoreUnavailableError (503), also when others never cease; nobody knows then whether it was changed
 */
export async function changeAccount(
  accounts: BudgetAccountRepository,
  id: string,
  change: (account: BudgetAccount | null) => BudgetAccount | null,
): Promise<AccountChange | null> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await accounts.find(id);
    const after = change(before);
    if (after === null) {
      return null;
    }
    if (await accounts.put({ ...after, version: (before?.version ?? 0) + 1 })) {
      return { before, after };
    }
  }
  throw new StoreUnavailableError(new Error(`The account ${id} is being changed all the time.`));
}
