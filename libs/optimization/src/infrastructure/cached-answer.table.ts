import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface CachedAnswerRow {
  readonly id: string;
  readonly project_id: string;
  readonly namespace: string;
  readonly model: string;
  /** Unix ms, as the next. */
  readonly kept_at: number;
  readonly expires_at: number;
  readonly envelope: string;
}

export interface CachedAnswerTables {
  cached_answers: CachedAnswerRow;
}

export const cachedAnswerMigrations: Record<string, Migration> = {
  '2026-11-27-cached-answers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('cached_answers')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('namespace', 'varchar(64)', column => column.notNull())
        .addColumn('model', 'varchar(255)', column => column.notNull())
        .addColumn('kept_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      // deleteExpired
      await db.schema
        .createIndex('cached_answers_by_expiry')
        .on('cached_answers')
        .column('expires_at')
        .execute();
      // purge, deleteOf
      await db.schema
        .createIndex('cached_answers_by_project')
        .on('cached_answers')
        .column('project_id')
        .execute();
    },
  },
};
