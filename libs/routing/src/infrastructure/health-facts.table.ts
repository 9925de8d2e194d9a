import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface HealthFactsRow {
  readonly replica: string;
  readonly version: number;
  /** Unix ms. */
  readonly written_at: number;
  /** JSON. */
  readonly facts: string;
}

export interface HealthFactsTables {
  health_facts: HealthFactsRow;
}

export const healthFactsMigrations: Record<string, Migration> = {
  '2026-11-26-health-facts': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('health_facts')
        .addColumn('replica', 'varchar(64)', column => column.primaryKey())
        .addColumn('version', 'bigint', column => column.notNull())
        .addColumn('written_at', 'bigint', column => column.notNull())
        .addColumn('facts', 'text', column => column.notNull())
        .execute(),
  },
};
