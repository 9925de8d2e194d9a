import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { type Budget, BUDGET_DEFAULTS } from '../domain/budget.entity.js';

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

/** What budgets of an earlier release do not say. */
const NEWER = { unmeasuredCost: BUDGET_DEFAULTS.unmeasuredCost };
type Settings = Omit<Budget, 'id' | 'projectId' | 'version' | keyof typeof NEWER> & Partial<typeof NEWER>;

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
  const rest = JSON.parse(settings) as Settings;
  return { id, projectId: project_id, ...NEWER, ...rest, version };
}
