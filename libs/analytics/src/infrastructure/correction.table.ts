import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';

export interface CorrectionTables {
  usage_corrections: UsageCorrection;
}

export const correctionMigrations: Record<string, Migration> = {
  '2026-11-26-usage-corrections': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('usage_corrections')
        .addColumn('id', 'varchar(64)', c => c.primaryKey())
        .addColumn('usageId', 'varchar(64)', c => c.notNull())
        .addColumn('number', 'integer', c => c.notNull())
        .addColumn('projectId', 'varchar(64)', c => c.notNull())
        .addColumn('keyId', 'varchar(64)', c => c.notNull())
        .addColumn('provider', 'varchar(191)')
        .addColumn('model', 'varchar(191)')
        .addColumn('fromVersion', 'varchar(64)')
        .addColumn('toVersion', 'varchar(64)', c => c.notNull())
        .addColumn('costNanoUsd', 'bigint', c => c.notNull())
        .addColumn('differenceNanoUsd', 'bigint', c => c.notNull())
        .addColumn('authorId', 'varchar(64)', c => c.notNull())
        .addColumn('authorName', 'varchar(191)', c => c.notNull())
        .addColumn('receivedAt', 'bigint', c => c.notNull())
        .addColumn('createdAt', 'bigint', c => c.notNull())
        .execute();
      // findOf
      await db.schema
        .createIndex('usage_corrections_by_usage')
        .on('usage_corrections')
        .columns(['usageId', 'number'])
        .execute();
    },
  },
};
