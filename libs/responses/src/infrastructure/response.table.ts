import { dropIndex } from '@app/shared';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { ResponseStatus } from '../domain/kept-response.entity.js';

export interface ResponseRow {
  readonly id: string;
  readonly project_id: string;
  /** Unix ms, as the next. */
  readonly created_at: number;
  readonly expires_at: number;
  readonly status: ResponseStatus;
  readonly provider: string;
  readonly model: string;
  /** A list as JSON. */
  readonly ancestors: string;
  readonly conversation_id: string | null;
  /** 0 or 1. */
  readonly background: number;
  readonly context_bytes: number;
  readonly lease_until: number | null;
  readonly envelope: string;
}

export interface ResponseTables {
  responses: ResponseRow;
}

export const responseMigrations: Record<string, Migration> = {
  '2026-11-26-responses': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('responses')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('status', 'varchar(16)', column => column.notNull())
        .addColumn('provider', 'varchar(64)', column => column.notNull())
        .addColumn('model', 'varchar(191)', column => column.notNull())
        .addColumn('ancestors', 'text', column => column.notNull())
        .addColumn('conversation_id', 'varchar(64)')
        .addColumn('background', 'integer', column => column.notNull())
        .addColumn('context_bytes', 'bigint', column => column.notNull())
        .addColumn('lease_until', 'bigint')
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      // deleteExpired
      await db.schema.createIndex('responses_by_expiry').on('responses').column('expires_at').execute();
      // deleteOf
      await db.schema.createIndex('responses_by_project').on('responses').column('project_id').execute();
    },
  },
  '2026-11-28-responses-by-age': {
    up: async (db: Kysely<unknown>) => {
      await dropIndex(db, 'responses', 'responses_by_project');
      // oldest, deleteOlder, deleteOf
      await db.schema.createIndex('responses_by_age').on('responses').columns(['project_id', 'id']).execute();
    },
  },
};
