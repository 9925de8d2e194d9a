import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { AlertState } from '../domain/alert-state.js';

export interface AlertStateRow {
  readonly id: string;
  readonly version: number;
  /** JSON: all the rest. */
  readonly state: string;
}

export interface AlertStateTables {
  alert_states: AlertStateRow;
}

export const alertStateMigrations: Record<string, Migration> = {
  '2026-11-28-alert-states': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('alert_states')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('version', 'integer', column => column.notNull())
        .addColumn('state', 'text', column => column.notNull())
        .execute();
    },
  },
};

export function toRow({ id, version, ...state }: AlertState): AlertStateRow {
  return { id, version, state: JSON.stringify(state) };
}

export function toState({ id, version, state }: AlertStateRow): AlertState {
  return { id, version, ...(JSON.parse(state) as Omit<AlertState, 'id' | 'version'>) };
}
