import { dropIndex } from '@app/shared';
import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { createHourTimes, packHourTimes } from './hour-times.rows.js';
import { createUsageDays, forgetFoldedDays } from './usage-day.table.js';
import {
  addSavings,
  createLabelHours,
  createUsageHours,
  LABEL,
  type UsageHourTables,
} from './usage-hour.table.js';

/** Truth values are stored as 0 and 1, which every SQL server has. */
export type UsageRow = {
  [
    Field in Exclude<keyof UsageRecord, 'billed' | 'budgetCharges' | 'voice' | 'tags'>
  ]: true extends UsageRecord[Field] ? number | Extract<UsageRecord[Field], null> : UsageRecord[Field];
} & {
  /** JSON, as the next. */
  readonly billed: string | null;
  readonly budgetCharges: string | null;
  readonly voice: string | null;
  readonly tags: string | null;
};

export interface UsageTables extends UsageHourTables {
  usage: UsageRow;
  usage_tags: UsageTagRow;
}

/** For who asks by tag. */
export interface UsageTagRow {
  readonly usageId: string;
  readonly tag: string;
  /** Of the record. */
  readonly receivedAt: number;
}

const NAME = 'varchar(191)';

export const usageMigrations: Record<string, Migration> = {
  '2026-11-24-usage': { up: createUsage },
  '2026-11-25-usage-slim-indexes': { up: slimIndexes },
  '2026-11-26-usage-price-version': {
    up: (db: Kysely<unknown>) =>
      db.schema.alterTable('usage').addColumn('priceVersion', 'varchar(64)').execute(),
  },
  '2026-11-26-usage-billed': {
    up: async (db: Kysely<unknown>) => {
      const table = db.schema.alterTable('usage');
      await table.addColumn('modelSent', NAME).execute();
      await table.addColumn('billed', 'text').execute();
    },
  },
  '2026-11-27-usage-hours': { up: createUsageHours },
  '2026-11-27-usage-record-budgets': {
    up: (db: Kysely<unknown>) => db.schema.alterTable('usage').addColumn('budgetCharges', 'text').execute(),
  },
  '2026-11-27-usage-savings': { up: addSavings },
  '2026-11-28-usage-voice': {
    up: (db: Kysely<unknown>) => db.schema.alterTable('usage').addColumn('voice', 'text').execute(),
  },
  '2026-11-28-usage-hour-times': { up: createHourTimes },
  '2026-11-29-usage-days': { up: createUsageDays },
  '2026-11-30-usage-days-packed': { up: forgetFoldedDays },
  '2026-11-30-usage-hours-packed': { up: packHourTimes },
  '2026-12-01-usage-labels': { up: addLabels },
  '2026-12-01-usage-label-hours': { up: createLabelHours },
};

async function createUsage(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage')
    .addColumn('id', 'varchar(64)', c => c.primaryKey())
    .addColumn('projectId', 'varchar(64)', c => c.notNull())
    .addColumn('keyId', 'varchar(64)', c => c.notNull())
    .addColumn('endpoint', NAME, c => c.notNull())
    .addColumn('provider', NAME)
    .addColumn('modelAsked', NAME)
    .addColumn('modelUsed', NAME)
    .addColumn('upstreamId', NAME)
    .addColumn('stream', 'integer', c => c.notNull())
    .addColumn('outcome', 'varchar(16)', c => c.notNull())
    .addColumn('status', 'integer', c => c.notNull())
    .addColumn('finish', 'varchar(32)')
    .addColumn('errorCode', NAME)
    .addColumn('inputTokens', 'bigint', c => c.notNull())
    .addColumn('cacheReadTokens', 'bigint', c => c.notNull())
    .addColumn('cacheWriteTokens', 'bigint', c => c.notNull())
    .addColumn('outputTokens', 'bigint', c => c.notNull())
    .addColumn('reasoningTokens', 'bigint', c => c.notNull())
    .addColumn('audioInputTokens', 'bigint', c => c.notNull())
    .addColumn('audioOutputTokens', 'bigint', c => c.notNull())
    .addColumn('audioMs', 'bigint')
    .addColumn('estimated', 'integer', c => c.notNull())
    .addColumn('costNanoUsd', 'bigint')
    .addColumn('priceExact', 'integer')
    .addColumn('latencyMs', 'bigint', c => c.notNull())
    .addColumn('firstTokenMs', 'bigint')
    .addColumn('attempts', 'integer', c => c.notNull())
    .addColumn('cached', 'integer', c => c.notNull())
    .addColumn('receivedAt', 'bigint', c => c.notNull())
    .execute();
  for (const [name, columns] of Object.entries(FIRST_INDEXES)) {
    await db.schema.createIndex(name).on('usage').columns(columns).execute();
  }
}

async function addLabels(db: Kysely<unknown>): Promise<void> {
  const table = db.schema.alterTable('usage');
  await table.addColumn('endUser', LABEL).execute();
  await table.addColumn('tags', 'text').execute();
  /** `page` of one end user. */
  await db.schema.createIndex('usage_by_end_user').on('usage').columns(['endUser', 'receivedAt']).execute();
  await db.schema
    .createTable('usage_tags')
    .addColumn('usageId', 'varchar(64)', c => c.notNull())
    .addColumn('tag', LABEL, c => c.notNull())
    .addColumn('receivedAt', 'bigint', c => c.notNull())
    .addPrimaryKeyConstraint('usage_tags_key', ['usageId', 'tag'])
    .execute();
  /** `page` of one tag. */
  await db.schema.createIndex('usage_tags_by_tag').on('usage_tags').columns(['tag', 'receivedAt']).execute();
}

/** The id is in no index but its own: ties of one millisecond are few and sorted in passing, 36 bytes an entry are not. */
async function slimIndexes(db: Kysely<unknown>): Promise<void> {
  for (const [name, columns] of Object.entries(FIRST_INDEXES)) {
    if (columns.at(-1) === 'id') {
      await dropIndex(db, 'usage', name);
      await db.schema.createIndex(name).on('usage').columns(columns.slice(0, -1)).execute();
    }
  }
}

const FIRST_INDEXES: Readonly<Record<string, string[]>> = {
  /** `page` without a project: what happened lately, also filtered by vendor, model or outcome. */
  usage_by_time: ['receivedAt', 'id'],
  /** `page` of one project. */
  usage_by_project: ['projectId', 'receivedAt', 'id'],
  /** `page` of one key. */
  usage_by_key: ['keyId', 'receivedAt', 'id'],
  /** `findByUpstreamId`. */
  usage_by_upstream_id: ['upstreamId'],
};
