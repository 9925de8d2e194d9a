import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface ProviderKeyRow {
  readonly id: string;
  readonly project_id: string;
  readonly provider: string;
  readonly name: string;
  readonly masked: string;
  readonly envelope: string;
  /** Unix ms. */
  readonly created_at: number;
}

export interface ProviderKeyTables {
  provider_keys: ProviderKeyRow;
}

export const providerKeyMigrations: Record<string, Migration> = {
  '2026-11-24-provider-keys': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('provider_keys')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('provider', 'varchar(64)', column => column.notNull())
        .addColumn('name', 'varchar(191)', column => column.notNull())
        .addColumn('masked', 'varchar(64)', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .execute();
      // list, findSealed
      await db.schema
        .createIndex('provider_keys_by_project')
        .on('provider_keys')
        .columns(['project_id', 'id'])
        .execute();
    },
  },
};
