import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Budget } from '../domain/budget.entity.js';

export interface BudgetRow {
  readonly id: string;
  readonly project_id: string;
  readonly version: number;
  /** JSON: all the rest. */
  readonly settings: string;
}

export interface BudgetTables {
  budgets: BudgetRow;
}

export const budgetMigrations: Record<string, Migration> = {
  '2026-11-27-budgets': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('budgets')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('version', 'integer', column => column.notNull())
        .addColumn('settings', 'text', column => column.notNull())
        .execute();
      // list, deleteOf
      await db.schema.createIndex('budgets_by_project').on('budgets').columns(['project_id', 'id']).execute();
    },
  },
};

export function toRow({ id, projectId, version, ...settings }: Budget): BudgetRow {
  return { id, project_id: projectId, version, settings: JSON.stringify(settings) };
}

export function toBudget({ id, project_id, version, settings }: BudgetRow): Budget {
  const rest = JSON.parse(settings) as Omit<Budget, 'id' | 'projectId' | 'version'>;
  return { id, projectId: project_id, ...rest, version };
}
