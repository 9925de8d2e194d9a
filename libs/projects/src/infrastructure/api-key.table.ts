import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface ApiKeyRow {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** HMAC-SHA-256 of the key, hex. */
  readonly hash: string;
  readonly masked: string;
  /** Unix ms, as the next two. */
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
}

export interface ApiKeyTables {
  api_keys: ApiKeyRow;
}

export const apiKeyMigrations: Record<string, Migration> = {
  '2026-11-24-api-keys': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('api_keys')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('name', 'varchar(191)', column => column.notNull())
        .addColumn('hash', 'varchar(64)', column => column.notNull().unique()) // findByHash
        .addColumn('masked', 'varchar(64)', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint')
        .addColumn('revoked_at', 'bigint')
        .execute();
      // list
      await db.schema
        .createIndex('api_keys_by_project')
        .on('api_keys')
        .columns(['project_id', 'id'])
        .execute();
    },
  },
};
