import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface EncryptionKeyTables {
  encryption_keys: { readonly fingerprint: string; readonly id: string | null };
}

export const encryptionKeyMigrations: Record<string, Migration> = {
  '2026-11-25-encryption-keys': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('encryption_keys')
        .addColumn('fingerprint', 'varchar(64)', column => column.primaryKey())
        .execute(),
  },
  '2026-11-26-encryption-key-ids': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('encryption_keys').addColumn('id', 'varchar(64)').execute(),
  },
};
