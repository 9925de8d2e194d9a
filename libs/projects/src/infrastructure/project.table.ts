import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { CACHE_DEFAULTS } from '../domain/cache-defaults.js';
import { addVersion } from './columns.js';

export interface ProjectRow {
  readonly id: string;
  readonly name: string;
  readonly status: 'active' | 'suspended';
  /** 0 or 1, as the next. */
  readonly strict: number;
  readonly annotate: number;
  readonly file_limit_bytes: number | null;
  /** Unix ms. */
  readonly created_at: number;
  readonly body_limit_bytes: number | null;
  readonly default_chat_model: string | null;
  readonly default_transcription_model: string | null;
  /** JSON list. */
  readonly allowed_vendors: string | null;
  readonly requests_per_minute: number | null;
  readonly concurrent_calls: number | null;
  readonly tokens_per_minute: number | null;
  readonly cache: 'off' | 'deterministic' | 'all';
  readonly cache_ttl_seconds: number;
  readonly cache_scope: 'project' | 'key';
  readonly semantic_cache: 'off' | 'shadow' | 'on';
  readonly semantic_cache_model: string | null;
  readonly semantic_cache_threshold: number;
  /** JSON list; null: none. */
  readonly semantic_cache_never: string | null;
  /** JSON list; null: none. */
  readonly cache_keeps: string | null;
  /** 0 or 1. */
  readonly transcription_cache: number;
  readonly transcription_history_days: number | null;
  /** 0 or 1. */
  readonly transcription_history_text: number;
  readonly retention_usage_days: number | null;
  readonly retention_decision_days: number | null;
  readonly retention_response_days: number | null;
  /** JSON list; null: none. */
  readonly prompt_passes: string | null;
  /** Unix ms. */
  readonly deletes_at: number | null;
  readonly version: number;
}

export interface ProjectTables {
  projects: ProjectRow;
}

export const projectMigrations: Record<string, Migration> = {
  '2026-11-24-projects': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .createTable('projects')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('name', 'varchar(191)', column => column.notNull())
        .addColumn('status', 'varchar(16)', column => column.notNull())
        .addColumn('strict', 'integer', column => column.notNull())
        .addColumn('annotate', 'integer', column => column.notNull())
        .addColumn('file_limit_bytes', 'bigint')
        .addColumn('created_at', 'bigint', column => column.notNull())
        .execute(),
  },
  '2026-11-25-project-settings': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('projects');
      await table.addColumn('body_limit_bytes', 'bigint').execute();
      await table.addColumn('default_chat_model', 'varchar(191)').execute();
      await table.addColumn('default_transcription_model', 'varchar(191)').execute();
      await table.addColumn('allowed_vendors', 'text').execute();
      await table.addColumn('requests_per_minute', 'integer').execute();
      await table.addColumn('concurrent_calls', 'integer').execute();
      await table.addColumn('deletes_at', 'bigint').execute();
      await addVersion(db, 'projects');
      await db.schema.createIndex('projects_by_end').on('projects').column('deletes_at').execute(); // findDue
    },
  },
  '2026-11-27-project-tokens': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('projects').addColumn('tokens_per_minute', 'integer').execute(),
  },
  '2026-11-27-project-cache': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('projects');
      const { cache, cacheTtlSeconds, cacheScope } = CACHE_DEFAULTS;
      await table.addColumn('cache', 'varchar(16)', column => column.notNull().defaultTo(cache)).execute();
      await table
        .addColumn('cache_ttl_seconds', 'integer', column => column.notNull().defaultTo(cacheTtlSeconds))
        .execute();
      await table
        .addColumn('cache_scope', 'varchar(16)', column => column.notNull().defaultTo(cacheScope))
        .execute();
    },
  },
  '2026-11-27-prompt-passes': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('projects').addColumn('prompt_passes', 'varchar(191)').execute(),
  },
  '2026-11-27-semantic-cache': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('projects');
      const { semanticCache, semanticCacheThreshold } = CACHE_DEFAULTS;
      await table
        .addColumn('semantic_cache', 'varchar(16)', column => column.notNull().defaultTo(semanticCache))
        .execute();
      await table.addColumn('semantic_cache_model', 'varchar(191)').execute();
      await table
        .addColumn('semantic_cache_threshold', 'double precision', column =>
          column.notNull().defaultTo(semanticCacheThreshold),
        )
        .execute();
      await table.addColumn('semantic_cache_never', 'text').execute();
    },
  },
  '2026-11-28-project-cache-keeps': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('projects').addColumn('cache_keeps', 'varchar(191)').execute(),
  },
  '2026-11-28-transcription-cache': {
    up: (db: Kysely<unknown>) =>
      db.schema
        .alterTable('projects')
        .addColumn('transcription_cache', 'integer', column => column.notNull().defaultTo(0))
        .execute(),
  },
  '2026-11-28-transcription-history': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('projects');
      await table.addColumn('transcription_history_days', 'integer').execute();
      await table
        .addColumn('transcription_history_text', 'integer', column => column.notNull().defaultTo(0))
        .execute();
    },
  },
  '2026-11-28-project-retention': {
    up: async (db: Kysely<unknown>) => {
      for (const kind of ['usage', 'decision', 'response']) {
        await db.schema.alterTable('projects').addColumn(`retention_${kind}_days`, 'integer').execute();
      }
    },
  },
};
