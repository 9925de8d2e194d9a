import { Module } from '@nestjs/common';
import { repository } from '@app/shared';
import { BudgetAccountRepository } from './domain/budget-account.repository.js';
import { BudgetBook } from './domain/budget-book.js';
import { BudgetRepository } from './domain/budget.repository.js';
import { Charges } from './domain/charges.js';
import { KeptBudgets } from './domain/kept-budgets.js';
import { BudgetAccountSqlRepository } from './infrastructure/budget-account.sql.repository.js';
import { BudgetSqlRepository } from './infrastructure/budget.sql.repository.js';

export const budgetRepository = repository(BudgetRepository, {
  sql: BudgetSqlRepository,
  mongo: async () => (await import('./infrastructure/budget.mongo.repository.js')).BudgetMongoRepository,
});
export const budgetAccountRepository = repository(BudgetAccountRepository, {
  sql: BudgetAccountSqlRepository,
  mongo: async () =>
    (await import('./infrastructure/budget-account.mongo.repository.js')).BudgetAccountMongoRepository,
});

/** What is kept of budgets: enough for the ledger, and to delete a project's from the command line. */
@Module({
  providers: [KeptBudgets, BudgetBook, Charges, budgetRepository, budgetAccountRepository],
  exports: [KeptBudgets, BudgetBook, Charges, budgetRepository, budgetAccountRepository],
})
export class BudgetStorageModule {}
