import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { TIMES, TimeSketches } from '../domain/rollups/call-times.js';
import type { UsageHour } from '../domain/rollups/usage-hour.js';
import { addTimes, type HourTimeRow, packedIn, packedOf } from './rollup-times.js';
import { RowInserter } from './row-inserter.js';

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

/** Where they are then: JSON of `PackedTimes`, null while they are rows. */
export async function packHourTimes(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('usage_hours').addColumn('times', 'text').execute();
}

/**
 * Distributions of rollups: rows while calls keep coming in, which add up without being read, and packed into the rollup when its
 * hour is over, which is read ten times as fast. Only who has written the rollup in the same transaction may write them: its row
 * is their lock.
 */
export class HourTimeRows {
  private readonly rows: RowInserter<HourTimeRow>;

  constructor(private readonly sql: Sql) {
    this.rows = new RowInserter(sql, 'usage_hour_times', { key: KEY, sums: ['calls'] });
  }

  /** To what is packed they are added there: such an hour has no rows. */
  async add(transaction: Sql, hours: readonly UsageHour[]): Promise<void> {
    const timed = hours.filter(({ times }) => TIMES.some(time => times[time].length > 0));
    const known = await packedOf(
      transaction,
      timed.map(({ id }) => id),
    );
    const packed = new Map(known.map(({ id, times }) => [id, times]));
    await this.addLoose(
      transaction,
      timed.filter(({ id }) => !packed.has(id)),
    );
    for (const { id, times } of timed.filter(hour => packed.has(hour.id))) {
      const sketches = new TimeSketches();
      sketches.mergePacked(packedIn(packed.get(id)));
      sketches.merge(times);
      await write(transaction, id, sketches);
    }
  }

  /** The same where nothing is packed. */
  async addLoose(transaction: Sql, hours: readonly UsageHour[]): Promise<void> {
    await this.rows.insertIn(transaction, hours.flatMap(rowsOf));
  }

  async replace(transaction: Sql, hour: UsageHour): Promise<void> {
    await transaction.deleteFrom('usage_hour_times').where('rollupId', '=', hour.id).execute();
    await transaction.updateTable('usage_hours').set({ times: null }).where('id', '=', hour.id).execute();
    await this.addLoose(transaction, [hour]);
  }

  async pack(hour: number): Promise<void> {
    const loose = await this.sql
      .selectFrom('usage_hours')
      .select('id')
      .where('hour', '=', hour)
      .where('times', 'is', null)
      .execute();
    for (const { id } of loose) {
      await this.sql.transaction().execute(transaction => packIn(transaction, String(id)));
    }
  }
}

async function packIn(transaction: Sql, id: string): Promise<void> {
  const { numUpdatedRows } = await transaction
    .updateTable('usage_hours')
    .set(({ ref }) => ({ calls: ref('calls') })) // locks it
    .where('id', '=', id)
    .where('times', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) {
    return; // another gateway was quicker
  }
  const times = new TimeSketches();
  await addTimes(transaction, [{ id }], () => times);
  await transaction.deleteFrom('usage_hour_times').where('rollupId', '=', id).execute();
  await write(transaction, id, times);
}

async function write(transaction: Sql, id: string, times: TimeSketches): Promise<void> {
  const packed = JSON.stringify(times.pack());
  await transaction.updateTable('usage_hours').set({ times: packed }).where('id', '=', id).execute();
}

function rowsOf({ id: rollupId, times }: UsageHour): HourTimeRow[] {
  return TIMES.flatMap(time => times[time].map(([bucket, calls]) => ({ rollupId, time, bucket, calls })));
}
