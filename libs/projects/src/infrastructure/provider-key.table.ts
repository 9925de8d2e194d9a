import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { addVersion } from './columns.js';

export interface ProviderKeyRow {
  readonly id: string;
  readonly project_id: string;
  readonly provider: string;
  readonly name: string;
  readonly masked: string;
  readonly envelope: string;
  /** Unix ms. */
  readonly created_at: number;
  /** 0 or 1. */
  readonly is_default: number;
  readonly status: 'active' | 'inactive';
  readonly version: number;
  readonly weight: number;
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
  '2026-11-25-provider-key-default': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('provider_keys');
      await table.addColumn('is_default', 'integer', column => column.notNull().defaultTo(0)).execute();
      await table
        .addColumn('status', 'varchar(16)', column => column.notNull().defaultTo('active'))
        .execute();
      await addVersion(db, 'provider_keys');
    },
  },
  '2026-11-26-provider-key-weight': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .alterTable('provider_keys')
        .addColumn('weight', 'integer', column => column.notNull().defaultTo(0))
        .execute(),
  },
};
