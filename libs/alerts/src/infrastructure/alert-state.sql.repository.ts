import type { Kysely } from 'kysely';
import { putRow, type Sql } from '@app/shared';
import type { AlertState } from '../domain/alert-state.js';
import { AlertStateRepository } from '../domain/alert-state.repository.js';
import { alertStateMigrations, type AlertStateTables, toRow, toState } from './alert-state.table.js';

export class AlertStateSqlRepository extends AlertStateRepository {
  static readonly migrations = alertStateMigrations;
  private readonly sql: Kysely<AlertStateTables>;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
  }

  async find(id: string): Promise<AlertState | null> {
    const row = await this.sql.selectFrom('alert_states').selectAll().where('id', '=', id).executeTakeFirst();
    return row ? toState(row) : null;
  }

  put(state: AlertState): Promise<boolean> {
    return putRow(this.sql, 'alert_states', toRow(state));
  }

  async delete(ids: readonly string[]): Promise<void> {
    if (ids.length > 0) {
      await this.sql.deleteFrom('alert_states').where('id', 'in', ids).execute();
    }
  }
}
