import type { Kysely } from 'kysely';
import { deleteExpiredRows, putRow, type Sql } from '@app/shared';
import { type LimitRecord, LimitRecordRepository } from '../domain/store/limit-record.repository.js';
import { limitRecordMigrations, type LimitRecordTables } from './limit-record.table.js';

export class LimitRecordSqlRepository extends LimitRecordRepository {
  static readonly migrations = limitRecordMigrations;
  private readonly sql: Kysely<LimitRecordTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async find(id: string): Promise<LimitRecord | null> {
    const row = await this.sql
      .selectFrom('limit_records')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirst();
    return row ? { id, version: row.version, content: row.content, expiresAt: row.expires_at } : null;
  }

  put({ id, version, content, expiresAt }: LimitRecord): Promise<boolean> {
    const row = { id, version, content, expires_at: expiresAt };
    return putRow(this.sql, 'limit_records', row);
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.sql, 'limit_records', now, limit);
  }
}
