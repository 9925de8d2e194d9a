import type { Sql } from '@app/shared';
import { NO_TIMES, TimeSketches } from '../domain/rollups/call-times.js';
import { DIMENSIONS } from '../domain/rollups/rollup.repository.js';
import { AMOUNTS, type UsageHour } from '../domain/rollups/usage-hour.js';
import { looseOf } from './hour-times.rows.js';
import { packedIn } from './packed-times.js';
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
  const rows = await db.selectFrom('usage_hours').select(['id', 'times']).where('hour', '=', hour).execute();
  const found = new Map(rows.map(({ id }) => [String(id), new TimeSketches()]));
  for (const { id, times } of rows.filter(row => row['times'] !== null)) {
    found.get(String(id))?.mergePacked(packedIn(times));
  }
  const loose = rows.filter(row => row['times'] === null).map(({ id }) => String(id));
  for (const { rollupId, time, bucket, calls } of await looseOf(db, loose)) {
    found.get(rollupId)?.addBucket(time, Number(bucket), Number(calls));
  }
  return found;
}
