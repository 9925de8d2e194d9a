import { randomUUID } from 'node:crypto';
import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { AMOUNTS, COUNTS } from '../domain/rollups/usage-hour.js';
import { rollupTable, type UsageHourRow } from './usage-hour.table.js';

/** `hour` is the first one of the day. */
export interface UsageDayRow extends UsageHourRow {
  /** JSON of `PackedTimes`. */
  readonly times: string;
}

/** A day that was folded. */
export interface FoldedDayRow {
  readonly day: number;
  /** Of who wrote to its hours since, a new one each time; null when the rollups of the day can be read. */
  readonly mark: string | null;
  /** When it was marked, in Unix ms. */
  readonly at: number;
}

export async function createUsageDays(db: Kysely<unknown>): Promise<void> {
  await rollupTable(db, 'usage_days', [...COUNTS, ...AMOUNTS])
    .addColumn('times', 'text', c => c.notNull())
    .execute();
  /** `sums` of one project. */
  await db.schema
    .createIndex('usage_days_by_project')
    .on('usage_days')
    .columns(['projectId', 'hour'])
    .execute();
  /** `sums` of all projects, and `fold`. */
  await db.schema.createIndex('usage_days_by_hour').on('usage_days').column('hour').execute();
  await db.schema
    .createTable('usage_folded_days')
    .addColumn('day', 'integer', c => c.primaryKey())
    .addColumn('mark', 'varchar(64)')
    .addColumn('at', 'bigint', c => c.notNull())
    .execute();
}

/** Their distributions were written in another way: they are folded anew. */
export async function forgetFoldedDays(db: Kysely<unknown>): Promise<void> {
  const tables = db as Sql;
  await tables.deleteFrom('usage_folded_days').execute();
  await tables.deleteFrom('usage_days').execute();
}

/** From now on, until they are folded anew, their hours are read. @returns the mark */
export async function markDays(sql: Sql, days: readonly number[], at: number): Promise<string> {
  const mark = randomUUID();
  for (const day of days) {
    await sql
      .insertInto('usage_folded_days')
      .values({ day, mark, at })
      .onConflict(conflict => conflict.column('day').doUpdateSet({ mark, at }))
      .execute();
  }
  return mark;
}
