import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { addVersion } from './columns.js';

export interface ApiKeyRow {
  readonly id: string;
  readonly project_id: string;
  readonly name: string;
  /** HMAC-SHA-256 of the key, hex. */
  readonly hash: string;
  /** Fingerprint of the encryption key; null in rows from before it was noted. */
  readonly hash_made_with: string | null;
  readonly masked: string;
  /** Unix ms, as the next two. */
  readonly created_at: number;
  readonly expires_at: number | null;
  readonly revoked_at: number | null;
  /** JSON list, as the next three. */
  readonly allowed_endpoints: string | null;
  readonly allowed_models: string | null;
  readonly allowed_vendors: string | null;
  readonly allowed_addresses: string | null;
  readonly requests_per_minute: number | null;
  readonly concurrent_calls: number | null;
  readonly tokens_per_minute: number | null;
  readonly file_limit_bytes: number | null;
  /** Unix ms. */
  readonly last_used_at: number | null;
  /** Id of the key that a rotation put in its place. */
  readonly replaced_by: string | null;
  readonly version: number;
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
  '2026-11-25-api-key-scopes': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('api_keys');
      await table.addColumn('allowed_endpoints', 'text').execute();
      await table.addColumn('allowed_models', 'text').execute();
      await table.addColumn('allowed_vendors', 'text').execute();
      await table.addColumn('allowed_addresses', 'text').execute();
      await table.addColumn('last_used_at', 'bigint').execute();
      await addVersion(db, 'api_keys');
    },
  },
  '2026-11-26-api-key-replaced-by': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('api_keys').addColumn('replaced_by', 'varchar(64)').execute(),
  },
  '2026-11-26-api-key-hash-made-with': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('api_keys').addColumn('hash_made_with', 'varchar(64)').execute(),
  },
  '2026-11-27-api-key-limits': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('api_keys');
      await table.addColumn('requests_per_minute', 'integer').execute();
      await table.addColumn('concurrent_calls', 'integer').execute();
    },
  },
  '2026-11-27-api-key-tokens': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('api_keys').addColumn('tokens_per_minute', 'integer').execute(),
  },
  '2026-11-27-api-key-files': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('api_keys').addColumn('file_limit_bytes', 'bigint').execute(),
  },
};
