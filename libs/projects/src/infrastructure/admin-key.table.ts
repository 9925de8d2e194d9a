import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { Role } from '@app/shared';
import { addVersion } from './columns.js';

export interface AdminKeyRow {
  readonly id: string;
  readonly name: string;
  /** HMAC-SHA-256 of the key, hex. */
  readonly hash: string;
  /** Fingerprint of the encryption key; null in rows from before it was noted. */
  readonly hash_made_with: string | null;
  readonly masked: string;
  /** Unix ms. */
  readonly created_at: number;
  readonly role: Role;
  /** Unix ms. */
  readonly revoked_at: number | null;
  readonly version: number;
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
  '2026-11-25-admin-roles': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('admin_keys');
      // Whoever had a key could do everything.
      await table.addColumn('role', 'varchar(16)', column => column.notNull().defaultTo('owner')).execute();
      await table.addColumn('revoked_at', 'bigint').execute();
      await addVersion(db, 'admin_keys');
    },
  },
  '2026-11-26-admin-key-hash-made-with': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('admin_keys').addColumn('hash_made_with', 'varchar(64)').execute(),
  },
};
