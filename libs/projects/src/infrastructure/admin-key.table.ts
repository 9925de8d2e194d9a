import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface AdminKeyRow {
  readonly id: string;
  readonly name: string;
  /** HMAC-SHA-256 of the key, hex. */
  readonly hash: string;
  readonly masked: string;
  /** Unix ms. */
  readonly created_at: number;
}

export interface AdminKeyTables {
  admin_keys: AdminKeyRow;
}

export const adminKeyMigrations: Record<string, Migration> = {
  '2026-11-24-admin-keys': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('admin_keys')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('name', 'varchar(191)', column => column.notNull())
        .addColumn('hash', 'varchar(64)', column => column.notNull().unique()) // findByHash
        .addColumn('masked', 'varchar(64)', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .execute(),
  },
};
