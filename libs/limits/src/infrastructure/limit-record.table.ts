import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface LimitRecordRow {
  readonly id: string;
  readonly version: number;
  readonly content: string;
  readonly expires_at: number;
}

export interface LimitRecordTables {
  limit_records: LimitRecordRow;
}

export const limitRecordMigrations: Record<string, Migration> = {
  '2026-11-27-limit-records': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('limit_records')
        .addColumn('id', 'varchar(100)', column => column.primaryKey())
        .addColumn('version', 'bigint', column => column.notNull())
        .addColumn('content', 'text', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .execute();
      // deleteExpired
      await db.schema.createIndex('limit_records_by_end').on('limit_records').column('expires_at').execute();
    },
  },
};
