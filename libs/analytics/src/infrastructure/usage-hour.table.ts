import type { CreateTableBuilder, Kysely } from 'kysely';
import { AMOUNTS, COUNTS, dayOf, monthOf, type UsageHour } from '../domain/rollups/usage-hour.js';

/** Days and months have columns of their own: each store reckons them in another way. */
export interface UsageHourRow extends Omit<UsageHour, 'times'> {
  readonly day: number;
  readonly month: number;
}

/** Of a column that is asked for by end user or tag. */
export const LABEL = 'varchar(256)';

/** How far the batches of a spool have been applied. */
export interface WatermarkRow {
  readonly spool: string;
  readonly seq: number;
  /** When it last grew, in Unix ms. */
  readonly at: number;
}

export type HourTable = 'usage_hours' | 'usage_label_hours';

/** Of one end user, or of one tag. */
export interface LabelHourRow extends UsageHourRow {
  readonly endUser: string | null;
  readonly tag: string | null;
}

export interface UsageHourTables {
  usage_hours: UsageHourRow;
  usage_label_hours: LabelHourRow;
  usage_watermarks: WatermarkRow;
}

export async function createUsageHours(db: Kysely<unknown>): Promise<void> {
  const later: ReadonlySet<string> = new Set(['savedNanoUsd']);
  await rollupTable(
    db,
    'usage_hours',
    [...COUNTS, ...AMOUNTS].filter(name => !later.has(name)),
  ).execute();
  /** `sums` of one project. */
  await db.schema
    .createIndex('usage_hours_by_project')
    .on('usage_hours')
    .columns(['projectId', 'hour'])
    .execute();
  /** `sums` of all projects, and `mend`. */
  await db.schema.createIndex('usage_hours_by_hour').on('usage_hours').column('hour').execute();
  await db.schema
    .createTable('usage_watermarks')
    .addColumn('spool', 'varchar(191)', c => c.primaryKey())
    .addColumn('seq', 'bigint', c => c.notNull())
    .addColumn('at', 'bigint', c => c.notNull())
    .execute();
}

export function rollupTable(
  db: Kysely<unknown>,
  name: string,
  sums: readonly string[],
): CreateTableBuilder<string, string> {
  const table: CreateTableBuilder<string, string> = db.schema
    .createTable(name)
    .addColumn('id', 'varchar(64)', c => c.primaryKey())
    .addColumn('hour', 'integer', c => c.notNull())
    .addColumn('day', 'integer', c => c.notNull())
    .addColumn('month', 'integer', c => c.notNull())
    .addColumn('projectId', 'varchar(64)', c => c.notNull())
    .addColumn('keyId', 'varchar(64)', c => c.notNull())
    .addColumn('endpoint', 'varchar(191)', c => c.notNull())
    .addColumn('provider', 'varchar(191)')
    .addColumn('model', 'varchar(191)');
  return sums.reduce((wider, sum) => wider.addColumn(sum, 'bigint', c => c.notNull()), table);
}

export async function createLabelHours(db: Kysely<unknown>): Promise<void> {
  const table = 'usage_label_hours';
  await rollupTable(db, table, [...COUNTS, ...AMOUNTS])
    .addColumn('endUser', LABEL)
    .addColumn('tag', LABEL)
    .execute();
  const indexes = {
    /** `sums` of one project. */
    usage_label_hours_by_project: ['projectId', 'hour'],
    /** `sums` of all projects, `mend`, and what is deleted. */
    usage_label_hours_by_hour: ['hour'],
    /** `sums` of one end user, and of one tag. */
    usage_label_hours_by_end_user: ['endUser', 'hour'],
    usage_label_hours_by_tag: ['tag', 'hour'],
  };
  for (const [name, columns] of Object.entries(indexes)) {
    await db.schema.createIndex(name).on(table).columns(columns).execute();
  }
}

export async function addSavings(db: Kysely<unknown>): Promise<void> {
  for (const table of ['usage', 'usage_hours']) {
    await db.schema
      .alterTable(table)
      .addColumn('savedNanoUsd', 'bigint', c => c.notNull().defaultTo(0))
      .execute();
  }
}

export function toRow({ times: _own, endUser: _user, tag: _tag, ...hour }: UsageHour): UsageHourRow {
  return { ...hour, day: dayOf(hour.hour), month: monthOf(hour.hour) };
}

export function toLabelRow(hour: UsageHour): LabelHourRow {
  return { ...toRow(hour), endUser: hour.endUser ?? null, tag: hour.tag ?? null };
}
