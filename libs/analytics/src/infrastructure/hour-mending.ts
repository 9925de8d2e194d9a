import type { Sql } from '@app/shared';
import { daysOver } from '../domain/rollups/day-folding.js';
import { differences, mendedTogether, mendEach } from '../domain/rollups/differences.js';
import { type Difference, LABELS, type Mending } from '../domain/rollups/rollup.repository.js';
import { sumsOnly, type UsageHour } from '../domain/rollups/usage-hour.js';
import { hourRollups } from './hour-rollups.js';
import { HourTimeRows } from './hour-times.rows.js';
import { ledgerOf } from './ledger.rows.js';
import { markDays } from './usage-day.table.js';
import { type HourTable, toLabelRow, toRow } from './usage-hour.table.js';

/**
 * Compares rollups of an hour with the ledger. Both are written in one transaction: whoever finds a rollup unchanged after the ledger
 * was read has compared the same.
 */
export class HourMending {
  private readonly times: HourTimeRows;

  constructor(private readonly db: Sql) {
    this.times = new HourTimeRows(db);
  }

  /** Also those by label. */
  async mend(hour: number): Promise<Mending> {
    return mendedTogether([
      await this.mendIn('usage_hours', hour),
      await this.mendIn('usage_label_hours', hour),
    ]);
  }

  private async mendIn(table: HourTable, hour: number): Promise<Mending> {
    const rollups = await hourRollups(this.db, hour, table);
    const found = differences(rollups, await this.ledgerFor(table, hour));
    if (found.length > 0) {
      const now = Date.now();
      await markDays(this.db, daysOver([{ hour }], now), now);
    }
    return mendEach(found, difference => this.replace(table, difference));
  }

  private async ledgerFor(table: HourTable, hour: number): Promise<UsageHour[]> {
    const { db } = this;
    if (table === 'usage_hours') {
      return ledgerOf(db, hour, null);
    }
    const labels: UsageHour[] = [];
    for (const label of LABELS) {
      labels.push(...(await ledgerOf(db, hour, label)));
    }
    return labels;
  }

  /** False when it has changed meanwhile. */
  private replace(table: HourTable, difference: Difference): Promise<boolean> {
    return this.db.transaction().execute(async transaction => {
      const isReplaced = await replaceSums(transaction, table, difference);
      if (isReplaced) {
        await this.times.replace(transaction, difference.ledger);
      }
      return isReplaced;
    });
  }
}

/** False when they have changed meanwhile, as they do with each call: then the distributions may have, too. */
async function replaceSums(
  transaction: Sql,
  table: HourTable,
  { told, ledger }: Difference,
): Promise<boolean> {
  if (!told) {
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto(table)
      .values(table === 'usage_hours' ? toRow(ledger) : toLabelRow(ledger))
      .onConflict(conflict => conflict.column('id').doNothing())
      .executeTakeFirst();
    return (numInsertedOrUpdatedRows ?? 0n) > 0n;
  }
  let update = transaction.updateTable(table).set(sumsOnly(ledger)).where('id', '=', told.id);
  for (const [name, sum] of Object.entries(sumsOnly(told))) {
    update = update.where(name, '=', sum);
  }
  const { numUpdatedRows } = await update.executeTakeFirst();
  return numUpdatedRows > 0n;
}
