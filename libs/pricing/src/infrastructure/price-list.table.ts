import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { PriceSource } from '../domain/stored-price-list.entity.js';

export interface PriceListRow {
  readonly version: number;
  readonly source: PriceSource;
  readonly digest: string;
  readonly models: number;
  /** JSON. */
  readonly prices: string;
  readonly created_at: string;
  readonly author_id: string;
  readonly author_name: string;
}

export interface PriceListTables {
  price_lists: PriceListRow;
}

export const priceListMigrations: Record<string, Migration> = {
  '2026-11-26-price-lists': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('price_lists')
        .addColumn('version', 'integer', column => column.primaryKey())
        .addColumn('source', 'varchar(8)', column => column.notNull())
        .addColumn('digest', 'varchar(64)', column => column.notNull())
        .addColumn('models', 'integer', column => column.notNull())
        .addColumn('prices', 'text', column => column.notNull())
        .addColumn('created_at', 'varchar(32)', column => column.notNull())
        .addColumn('author_id', 'varchar(64)', column => column.notNull())
        .addColumn('author_name', 'varchar(191)', column => column.notNull())
        .execute();
      // lastVersion of a source; findByDigest
      await db.schema
        .createIndex('price_lists_by_source')
        .on('price_lists')
        .columns(['source', 'version'])
        .execute();
      await db.schema
        .createIndex('price_lists_by_digest')
        .on('price_lists')
        .columns(['digest', 'version'])
        .execute();
    },
  },
};
