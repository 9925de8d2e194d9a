import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { KeyState } from '../domain/kept-answer.entity.js';

export interface KeptAnswerRow {
  readonly id: string;
  readonly project_id: string;
  readonly call_id: string;
  readonly state: KeyState;
  /** Unix ms, as the next. */
  readonly expires_at: number;
  readonly lease_until: number | null;
  readonly envelope: string;
}

export interface KeptAnswerTables {
  idempotent_answers: KeptAnswerRow;
}

export const keptAnswerMigrations: Record<string, Migration> = {
  '2026-11-26-idempotent-answers': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('idempotent_answers')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('call_id', 'varchar(64)', column => column.notNull())
        .addColumn('state', 'varchar(16)', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('lease_until', 'bigint')
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      // deleteExpired
      await db.schema
        .createIndex('idempotent_answers_by_expiry')
        .on('idempotent_answers')
        .column('expires_at')
        .execute();
      // deleteOf
      await db.schema
        .createIndex('idempotent_answers_by_project')
        .on('idempotent_answers')
        .column('project_id')
        .execute();
    },
  },
};
