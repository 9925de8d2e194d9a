import type { Sql } from '@app/shared';
import { daysOver } from '../domain/rollups/day-folding.js';
import { AMOUNTS, COUNTS, type UsageHour } from '../domain/rollups/usage-hour.js';
import type { BatchId } from '../domain/usage-spool.js';
import { HourTimeRows } from './hour-times.rows.js';
import { RowInserter } from './row-inserter.js';
import { markDays } from './usage-day.table.js';
import { type LabelHourRow, toLabelRow, toRow, type UsageHourRow } from './usage-hour.table.js';

/** Writes rollups in the transaction of what they add up, so that they are never anything else than the ledger's sums. */
export class UsageHourRows {
  private readonly rows: RowInserter<UsageHourRow>;
  private readonly labels: RowInserter<LabelHourRow>;
  private readonly times: HourTimeRows;

  constructor(sql: Sql) {
    const sums = [...COUNTS, ...AMOUNTS];
    this.rows = new RowInserter(sql, 'usage_hours', { sums });
    this.labels = new RowInserter(sql, 'usage_label_hours', { sums });
    this.times = new HourTimeRows(sql);
  }

  /** @param labels what the same adds to the rollups by label */
  async add(transaction: Sql, hours: readonly UsageHour[], labels: readonly UsageHour[]): Promise<void> {
    const now = Date.now();
    await markDays(transaction, daysOver(hours, now), now);
    await this.rows.insertIn(transaction, hours.map(toRow));
    await this.times.add(transaction, hours);
    await this.labels.insertIn(transaction, labels.map(toLabelRow));
    await this.times.addLoose(transaction, labels);
  }

  /** False when that batch was applied already; locks the spool until the transaction ends. */
  async advance(transaction: Sql, { spool, seq }: BatchId): Promise<boolean> {
    const at = Date.now();
    const grow = async (): Promise<boolean> => {
      const { numUpdatedRows } = await transaction
        .updateTable('usage_watermarks')
        .set({ seq, at })
        .where('spool', '=', spool)
        .where('seq', '<', seq)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    };
    if (await grow()) {
      return true;
    }
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto('usage_watermarks')
      .values({ spool, seq, at })
      .onConflict(conflict => conflict.column('spool').doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n || (await grow()); // another process may have made it just now
  }
}
