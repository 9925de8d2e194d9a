import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface EncryptionKeyTables {
  encryption_keys: { readonly fingerprint: string };
}

export const encryptionKeyMigrations: Record<string, Migration> = {
  '2026-11-25-encryption-keys': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('encryption_keys')
        .addColumn('fingerprint', 'varchar(64)', column => column.primaryKey())
        .execute(),
  },
};
