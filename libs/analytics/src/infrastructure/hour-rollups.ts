import type { Sql } from '@app/shared';
import { NO_TIMES, TimeSketches } from '../domain/rollups/call-times.js';
import { DIMENSIONS } from '../domain/rollups/rollup.repository.js';
import { AMOUNTS, type UsageHour } from '../domain/rollups/usage-hour.js';
import type { HourTimeRow } from './hour-times.rows.js';
import { amountSum, countSums, sumsIn } from './usage-sums.js';

/** The rollups of an hour, with their distributions. */
export async function hourRollups(db: Sql, hour: number): Promise<UsageHour[]> {
  const columns = ['id', 'hour', ...DIMENSIONS] as const;
  const rows = await db
    .selectFrom('usage_hours')
    .select(columns)
    .select(eb => [...countSums(eb), ...AMOUNTS.flatMap(name => amountSum(eb, name))])
    .where('hour', '=', hour)
    .groupBy(columns)
    .execute();
  const times = await timesOf(db, hour);
  return rows.map(row => {
    const of = Object.fromEntries(columns.map(column => [column, row[column]]));
    return { ...of, ...sumsIn(row), times: times.get(row['id'])?.toJSON() ?? NO_TIMES } as UsageHour;
  });
}

/** By the id of the rollup. */
async function timesOf(db: Sql, hour: number): Promise<Map<string, TimeSketches>> {
  const found = new Map<string, TimeSketches>();
  const rows = await db
    .selectFrom('usage_hours')
    .innerJoin('usage_hour_times', 'usage_hour_times.rollupId', 'usage_hours.id')
    .where('hour', '=', hour)
    .select(['rollupId', 'time', 'bucket', 'usage_hour_times.calls'])
    .execute();
  for (const { rollupId, time, bucket, calls } of rows as HourTimeRow[]) {
    const times = found.get(rollupId) ?? new TimeSketches();
    times.addBucket(time, bucket, calls);
    found.set(rollupId, times);
  }
  return found;
}
