import type { Sql } from '@app/shared';
import { NO_TIMES, TimeSketches } from '../domain/rollups/call-times.js';
import { DIMENSIONS, LABELS } from '../domain/rollups/rollup.repository.js';
import { AMOUNTS, type UsageHour } from '../domain/rollups/usage-hour.js';
import { addTimes } from './rollup-times.js';
import type { HourTable } from './usage-hour.table.js';
import { amountSum, countSums, sumsIn } from './usage-sums.js';

/** The rollups of an hour, with their distributions. */
export async function hourRollups(
  db: Sql,
  hour: number,
  table: HourTable = 'usage_hours',
): Promise<UsageHour[]> {
  const labels = table === 'usage_hours' ? [] : LABELS;
  const columns = ['id', 'hour', ...DIMENSIONS, ...labels];
  const rows = await db
    .selectFrom(table)
    .select(columns)
    .select(eb => [...countSums(eb), ...AMOUNTS.flatMap(name => amountSum(eb, name))])
    .where('hour', '=', hour)
    .groupBy(columns)
    .execute();
  const times = await timesOf(db, hour, table);
  return rows.map(row => {
    const of = Object.fromEntries(columns.map(column => [column, row[column]]));
    return { ...of, ...sumsIn(row), times: times.get(row['id'])?.toJSON() ?? NO_TIMES } as UsageHour;
  });
}

/** By the id of the rollup. */
async function timesOf(db: Sql, hour: number, table: HourTable): Promise<Map<unknown, TimeSketches>> {
  const columns = table === 'usage_hours' ? ['id', 'times'] : ['id']; // those by label are not packed
  const rows = await db.selectFrom(table).select(columns).where('hour', '=', hour).execute();
  const found = new Map<unknown, TimeSketches>(rows.map(({ id }) => [id, new TimeSketches()]));
  await addTimes(db, rows, ({ id }) => found.get(id) ?? new TimeSketches());
  return found;
}
