import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type BudgetAccount, processesOf } from '../domain/budget-account.js';

export interface BudgetAccountRow {
  readonly id: string;
  readonly budget_id: string;
  readonly project_id: string;
  /** JSON, as the next. */
  readonly subject: string;
  readonly windows: string;
  /** Those that have a share, each between blanks. */
  readonly processes: string;
  readonly version: number;
}

export interface BudgetAccountTables {
  budget_accounts: BudgetAccountRow;
}

export const budgetAccountMigrations: Record<string, Migration> = {
  '2026-11-27-budget-accounts': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('budget_accounts')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('budget_id', 'varchar(64)', column => column.notNull())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('subject', 'text', column => column.notNull())
        .addColumn('windows', 'text', column => column.notNull())
        .addColumn('processes', 'text', column => column.notNull())
        .addColumn('version', 'integer', column => column.notNull())
        .execute();
      // list, deleteOfBudget
      await db.schema
        .createIndex('budget_accounts_by_budget')
        .on('budget_accounts')
        .columns(['budget_id', 'id'])
        .execute();
      // deleteOf
      await db.schema
        .createIndex('budget_accounts_by_project')
        .on('budget_accounts')
        .column('project_id')
        .execute();
    },
  },
};

export function toRow(account: BudgetAccount): BudgetAccountRow {
  const { id, budgetId, projectId, subject, windows, version } = account;
  return {
    id,
    budget_id: budgetId,
    project_id: projectId,
    subject,
    windows: JSON.stringify(windows),
    processes: ` ${processesOf(account).join(' ')} `,
    version,
  };
}

export function toAccount(row: Omit<BudgetAccountRow, 'processes'>): BudgetAccount {
  const { id, subject, version } = row;
  const windows = JSON.parse(row.windows) as BudgetAccount['windows'];
  return { id, budgetId: row.budget_id, projectId: row.project_id, subject, version, windows };
}
