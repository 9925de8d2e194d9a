import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { type Time, TIMES } from '../domain/rollups/call-times.js';
import type { UsageHour } from '../domain/rollups/usage-hour.js';
import { RowInserter } from './row-inserter.js';

/** A bucket of a distribution that belongs to a rollup. */
export interface HourTimeRow {
  readonly rollupId: string;
  readonly time: Time;
  /** As of `Sketch`. */
  readonly bucket: number;
  readonly calls: number;
}

const KEY = ['rollupId', 'time', 'bucket'] as const;

export async function createHourTimes(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('usage_hour_times')
    .addColumn('rollupId', 'varchar(64)', c => c.notNull())
    .addColumn('time', 'varchar(16)', c => c.notNull())
    .addColumn('bucket', 'integer', c => c.notNull())
    .addColumn('calls', 'bigint', c => c.notNull())
    .addPrimaryKeyConstraint('usage_hour_times_key', [...KEY])
    .execute();
}

/** Distributions of rollups. Only who has written the rollup in the same transaction may write them: its row is their lock. */
export class HourTimeRows {
  private readonly rows: RowInserter<HourTimeRow>;

  constructor(sql: Sql) {
    this.rows = new RowInserter(sql, 'usage_hour_times', { key: KEY, sums: ['calls'] });
  }

  async add(transaction: Sql, hours: readonly UsageHour[]): Promise<void> {
    await this.rows.insertIn(transaction, hours.flatMap(rowsOf));
  }

  async replace(transaction: Sql, hour: UsageHour): Promise<void> {
    await transaction.deleteFrom('usage_hour_times').where('rollupId', '=', hour.id).execute();
    await this.add(transaction, [hour]);
  }
}

function rowsOf({ id: rollupId, times }: UsageHour): HourTimeRow[] {
  return TIMES.flatMap(time => times[time].map(([bucket, calls]) => ({ rollupId, time, bucket, calls })));
}
