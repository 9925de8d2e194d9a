import { createLogger } from '@app/shared';
import type { DecisionRepository } from '../../libs/analytics/src/domain/decision.repository.js';
import { Ledger } from '../../libs/analytics/src/domain/ledger.js';
import type { UsageRepository } from '../../libs/analytics/src/domain/usage.repository.js';
import { budgetAccountRepository, budgetRepository } from '../../libs/budgets/src/budget-storage.module.js';
import { BudgetBook } from '../../libs/budgets/src/domain/budget-book.js';
import { Charges } from '../../libs/budgets/src/domain/charges.js';
import { openInMemory } from './databases.js';
import { TestClock } from './test-clock.js';

/** A ledger on these repositories. The accounts of budgets are in a store of their own, which never fails. */
export async function openLedger(records: UsageRepository, decisions: DecisionRepository): Promise<Ledger> {
  const database = openInMemory();
  const book = new BudgetBook(await budgetRepository.useFactory(database), new TestClock());
  const accounts = await budgetAccountRepository.useFactory(database);
  return new Ledger(records, decisions, new Charges(accounts, book, createLogger('silent')));
}
