import type { Sql } from '@app/shared';
import { firstHourOf, foldedOf } from '../domain/rollups/day-folding.js';
import { packed } from '../domain/rollups/call-times.js';
import type {
  Grouping,
  RollupFilter,
  TimesBucket,
  UsageBucket,
} from '../domain/rollups/rollup.repository.js';
import { type DayState, UsageDayRepository } from '../domain/rollups/usage-day.repository.js';
import { dayOf, type UsageHour } from '../domain/rollups/usage-hour.js';
import { hourRollups } from './hour-rollups.js';
import { groupOf, TimesBuckets } from './rollup-buckets.js';
import { sumsOf, wanted } from './rollup-sums.js';
import { addTimes } from './rollup-times.js';
import { RowInserter } from './row-inserter.js';
import { type FoldedDayRow, markDays, type UsageDayRow } from './usage-day.table.js';
import { toRow } from './usage-hour.table.js';

/** Its tables are of `UsageRepository`, which marks days. */
export class UsageDaySqlRepository extends UsageDayRepository {
  static readonly migrations = {};

  private readonly rows: RowInserter<UsageDayRow>;

  constructor(private readonly db: Sql) {
    super();
    this.rows = new RowInserter(db, 'usage_days');
  }

  sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]> {
    return sumsOf(this.db, 'usage_days', { filter, grouping, limit });
  }

  async times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]> {
    const rows = await wanted(this.db, 'usage_days', filter)
      .select([...groupOf(grouping), 'times'])
      .execute();
    const buckets = new TimesBuckets(grouping);
    await addTimes(this.db, rows, row => buckets.of(row));
    return buckets.all;
  }

  async states({ from, to }: { readonly from: number; readonly to: number }): Promise<DayState[]> {
    const rows = await this.db
      .selectFrom('usage_folded_days')
      .selectAll()
      .where('day', '>=', from)
      .where('day', '<', to)
      .execute();
    return (rows as FoldedDayRow[]).map(({ day, mark, at }) => ({
      day: Number(day),
      staleSince: mark === null ? null : Number(at),
    }));
  }

  async oldest(): Promise<number | null> {
    const row = await this.db
      .selectFrom('usage_hours')
      .select('hour')
      .orderBy('hour')
      .limit(1)
      .executeTakeFirst();
    return row ? dayOf(Number(row['hour'])) : null;
  }

  async fold(day: number): Promise<boolean> {
    const mark = await markDays(this.db, [day], Date.now());
    const folded = await foldedOf(day, hour => hourRollups(this.db, hour));
    await this.replace(firstHourOf(day), folded);
    const { numUpdatedRows } = await this.db
      .updateTable('usage_folded_days')
      .set({ mark: null })
      .where('day', '=', day)
      .where('mark', '=', mark)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  }

  private replace(hour: number, days: readonly UsageHour[]): Promise<void> {
    return this.db.transaction().execute(async transaction => {
      await transaction.deleteFrom('usage_days').where('hour', '=', hour).execute();
      await this.rows.insertIn(
        transaction,
        days.map(day => ({ ...toRow(day), times: JSON.stringify(packed(day.times)) })),
      );
    });
  }
}
