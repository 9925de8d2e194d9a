import type { Kysely } from 'kysely';
import { type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { Alert, StoredAlert } from '../domain/alert.entity.js';
import { AlertRepository } from '../domain/alert.repository.js';
import { alertMigrations, type AlertTables, toAlert, toRow } from './alert.table.js';

export class AlertSqlRepository extends AlertRepository {
  static readonly migrations = alertMigrations;
  private readonly sql: Kysely<AlertTables>;
  private readonly sealed: SealedRows;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
    this.sealed = new SealedRows(sql, 'alerts');
  }

  async insert(alert: StoredAlert): Promise<void> {
    await this.sql.insertInto('alerts').values(toRow(alert)).execute();
  }

  async findById(id: string): Promise<StoredAlert | null> {
    const row = await this.sql.selectFrom('alerts').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toAlert(row) : null;
  }

  async list(limit: number, after = ''): Promise<StoredAlert[]> {
    const rows = await this.sql
      .selectFrom('alerts')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return rows.map(toAlert);
  }

  async idsOf(projectId: string): Promise<string[]> {
    const rows = await this.sql
      .selectFrom('alerts')
      .select('id')
      .where('project_id', '=', projectId)
      .orderBy('id')
      .execute();
    return rows.map(({ id }) => id);
  }

  async replace(alert: StoredAlert): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('alerts')
      .set(toRow(alert))
      .where('id', '=', alert.id)
      .where('version', '=', alert.version - 1)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async delete({ id, version }: Pick<Alert, 'id' | 'version'>): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('alerts')
      .where('id', '=', id)
      .where('version', '=', version)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('alerts').where('project_id', '=', projectId).execute();
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }
}
