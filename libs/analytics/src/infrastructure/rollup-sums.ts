import type { Sql } from '@app/shared';
import { sql } from 'kysely';
import type { Grouping, RollupFilter, UsageBucket } from '../domain/rollups/rollup.repository.js';
import { AMOUNTS } from '../domain/rollups/usage-hour.js';
import { bucketOf, groupOf } from './rollup-buckets.js';
import { amountSum, countSums, sumsIn } from './usage-sums.js';

export type RollupTable = 'usage_hours' | 'usage_days' | 'usage_label_hours';

/** What rollups of hours or of days add up to. */
export async function sumsOf(
  db: Sql,
  table: RollupTable,
  {
    filter,
    grouping,
    limit,
  }: { readonly filter: RollupFilter; readonly grouping: Grouping; readonly limit: number },
): Promise<UsageBucket[]> {
  const group = groupOf(grouping);
  const query = wanted(db, table, filter)
    .select(eb => [...countSums(eb), ...AMOUNTS.flatMap(name => amountSum(eb, name))])
    .$if(grouping.largestBy !== undefined, largest =>
      largest.orderBy(grouping.largestBy === 'cost' ? spent : calls, 'desc'),
    )
    .limit(limit);
  const rows = await (group.length === 0 ? query : query.select(group).groupBy(group)).execute();
  return rows
    .map(row => ({ ...bucketOf(row, grouping), ...sumsIn(row) }))
    .filter(({ calls, correctedNanoUsd }) => calls > 0 || correctedNanoUsd !== 0n);
}

/** Not in whole numbers, of which a sum may be beyond 64 bits. */
const spent = sql`sum((${sql.ref('costNanoUsd')} + ${sql.ref('correctedNanoUsd')}) * 1.0)`;
const calls = sql`sum(${sql.ref('calls')})`;

export function wanted(
  db: Sql,
  table: RollupTable,
  { projectId, keyId, label, endUser, tag, among = [], from, to }: RollupFilter,
) {
  return db
    .selectFrom(table)
    .where('hour', '>=', from)
    .where('hour', '<', to)
    .$if(projectId !== undefined, query => query.where('projectId', '=', projectId))
    .$if(keyId !== undefined, query => query.where('keyId', '=', keyId))
    .$if(label !== undefined, query => query.where(label ?? '', 'is not', null))
    .$if(endUser !== undefined, query => query.where('endUser', '=', endUser))
    .$if(tag !== undefined, query => query.where('tag', '=', tag))
    .$if(among.length > 0, query =>
      query.where(({ eb, and, or }) =>
        or(
          among.map(group =>
            and(Object.entries(group).map(([name, value]) => eb(name, value === null ? 'is' : '=', value))),
          ),
        ),
      ),
    );
}
