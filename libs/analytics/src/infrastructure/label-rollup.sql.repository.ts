import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Sql } from '@app/shared';
import type { Time } from '../domain/rollups/call-times.js';
import { LabelRollupRepository } from '../domain/rollups/label-rollup.repository.js';
import type {
  Grouping,
  RollupFilter,
  TimesBucket,
  UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { groupOf, TimesBuckets } from './rollup-buckets.js';
import { sumsOf, wanted } from './rollup-sums.js';

const TABLE = 'usage_label_hours';
/** Distributions are read in slices of so many hours: the embedded store answers synchronously. */
const SLICE_HOURS = 4;

/** Its tables are of `UsageRepository`, which writes them. */
export class LabelRollupSqlRepository extends LabelRollupRepository {
  static readonly migrations = {};

  constructor(private readonly db: Sql) {
    super();
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.db, TABLE, { filter, grouping, limit });
  }

  /** They stay rows, which add up in the store: there may be as many rollups as calls. */
  async times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    const group = [...groupOf(grouping), 'time', 'bucket'];
    const buckets = new TimesBuckets(grouping);
    const hours = await wanted(this.db, TABLE, filter)
      .select('hour')
      .groupBy('hour')
      .orderBy('hour')
      .execute();
    for (let at = 0; at < hours.length; at += SLICE_HOURS) {
      const slice = hours.slice(at, at + SLICE_HOURS).map(({ hour }) => Number(hour));
      const [from = 0, last = from] = [slice[0], slice.at(-1)];
      const rows = await wanted(this.db, TABLE, { ...filter, from, to: last + 1 })
        .innerJoin('usage_hour_times', 'usage_hour_times.rollupId', `${TABLE}.id`)
        .select(group)
        .select(eb => eb.fn.sum('usage_hour_times.calls').as('timed'))
        .groupBy(group)
        .execute();
      for (const row of rows) {
        buckets.of(row).addBucket(row['time'] as Time, Number(row['bucket']), Number(row['timed']));
      }
      await nextTurn();
    }
    return buckets.all;
  }

  async oldest(): Promise<number | null> {
    const row = await this.db.selectFrom(TABLE).select('hour').orderBy('hour').limit(1).executeTakeFirst();
    return row ? Number(row['hour']) : null;
  }

  async deleteBefore(hour: number, limit: number): Promise<number> {
    const rows = await this.db
      .selectFrom(TABLE)
      .select('id')
      .where('hour', '<', hour)
      .orderBy('hour')
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => String(id));
    if (ids.length > 0) {
      await this.db.transaction().execute(async transaction => {
        await transaction.deleteFrom(TABLE).where('id', 'in', ids).execute();
        await transaction.deleteFrom('usage_hour_times').where('rollupId', 'in', ids).execute();
      });
    }
    return ids.length;
  }
}
