import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

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
};
