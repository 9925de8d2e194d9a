import type { Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import { CorrectionRepository } from '../domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { correctionMigrations, type CorrectionTables } from './correction.table.js';
import { RowInserter } from './row-inserter.js';

export class CorrectionSqlRepository extends CorrectionRepository {
  static readonly migrations = correctionMigrations;
  private readonly db: Kysely<CorrectionTables>;
  private readonly rows: RowInserter<UsageCorrection>;

  constructor(sql: Sql) {
    super();
    this.db = sql;
    this.rows = new RowInserter(sql, 'usage_corrections');
  }

  async insertMany(corrections: readonly UsageCorrection[]): Promise<void> {
    await this.rows.insert(corrections);
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
}
