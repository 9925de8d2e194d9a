import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { CorrectionRepository } from '../domain/corrections/correction.repository.js';
import { correctedHours, correctedLabelHours } from '../domain/rollups/usage-hour.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { correctionMigrations, type CorrectionTables } from './correction.table.js';
import { retried, RowsThereError } from './retried.js';
import { RowInserter } from './row-inserter.js';
import { toRecord } from './usage.sql.repository.js';
import { UsageHourRows } from './usage-hour.rows.js';
import type { UsageRow } from './usage.table.js';

export class CorrectionSqlRepository extends CorrectionRepository {
  static readonly migrations = correctionMigrations;
  private readonly db: Kysely<CorrectionTables>;
  private readonly rows: RowInserter<UsageCorrection>;
  private readonly hours: UsageHourRows;

  constructor(sql: Sql) {
    super();
    this.db = sql;
    this.rows = new RowInserter(sql, 'usage_corrections');
    this.hours = new UsageHourRows(sql);
  }

  async insertMany(corrections: readonly UsageCorrection[]): Promise<void> {
    if (corrections.length > 0) {
      await retried(isFirst =>
        this.db
          .transaction()
          .execute(async transaction =>
            this.insert(transaction, isFirst ? corrections : await unknown(transaction, corrections)),
          ),
      );
    }
  }

  findOf(usageIds: readonly string[]): Promise<UsageCorrection[]> {
    return this.db
      .selectFrom('usage_corrections')
      .selectAll()
      .where('usageId', 'in', usageIds)
      .orderBy('usageId')
      .orderBy('number')
      .execute();
  }

  async deleteOf(usageIds: readonly string[]): Promise<void> {
    if (usageIds.length > 0) {
      await this.db.deleteFrom('usage_corrections').where('usageId', 'in', usageIds).execute();
    }
  }

  private async insert(transaction: Sql, corrections: readonly UsageCorrection[]): Promise<void> {
    const inserted = await this.rows.insertIn(transaction, corrections);
    if (inserted < corrections.length) {
      throw new RowsThereError();
    }
    const corrected = await withRecords(transaction, corrections);
    await this.hours.add(transaction, correctedHours(corrected), correctedLabelHours(corrected));
  }
}

/** Each once, of those that are not there. */
async function unknown(
  transaction: Sql,
  corrections: readonly UsageCorrection[],
): Promise<UsageCorrection[]> {
  const wanted = new Map(corrections.toReversed().map(correction => [correction.id, correction]));
  const rows = await transaction
    .selectFrom('usage_corrections')
    .select('id')
    .where('id', 'in', [...wanted.keys()])
    .execute();
  rows.forEach(({ id }) => wanted.delete(id));
  return [...wanted.values()].toReversed();
}

/** Those of records that are there, which belong to the rollups of these. */
async function withRecords(transaction: Sql, corrections: readonly UsageCorrection[]) {
  const ids = corrections.map(({ usageId }) => usageId);
  const rows =
    ids.length === 0
      ? []
      : await transaction.selectFrom('usage').selectAll().where('id', 'in', ids).execute();
  const records = new Map((rows as UsageRow[]).map(row => [row.id, toRecord(row)]));
  return corrections.flatMap(({ usageId, differenceNanoUsd }) => {
    const record = records.get(usageId);
    return record ? [{ record, differenceNanoUsd }] : [];
  });
}
