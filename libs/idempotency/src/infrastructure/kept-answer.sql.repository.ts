import { deleteExpiredRows, type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { StoredAnswer } from '../domain/kept-answer.entity.js';
import { type Ending, KeptAnswerRepository } from '../domain/kept-answer.repository.js';
import { keptAnswerMigrations, type KeptAnswerRow, type KeptAnswerTables } from './kept-answer.table.js';

export class KeptAnswerSqlRepository extends KeptAnswerRepository {
  static readonly migrations = keptAnswerMigrations;
  private readonly sql: Kysely<KeptAnswerTables>;
  private readonly sealed: SealedRows;

  constructor(private readonly db: Sql) {
    super();
    this.sql = db;
    this.sealed = new SealedRows(db, 'idempotent_answers');
  }

  /** Two steps, of which one at most takes it: nobody can take it between them but by the first. */
  async claim(answer: StoredAnswer, now: number): Promise<boolean> {
    const row = toRow(answer);
    const { numInsertedOrUpdatedRows } = await this.sql
      .insertInto('idempotent_answers')
      .values(row)
      .onConflict(conflict => conflict.column('id').doNothing())
      .executeTakeFirstOrThrow();
    return numInsertedOrUpdatedRows === 1n || (await this.takeOver(row, now));
  }

  async findById(id: string, now: number): Promise<StoredAnswer | null> {
    const row = await this.sql
      .selectFrom('idempotent_answers')
      .selectAll()
      .where('id', '=', id)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async renewLease(id: string, callId: string, until: number): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('idempotent_answers')
      .set({ lease_until: until })
      .where('id', '=', id)
      .where('call_id', '=', callId)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async finish(id: string, callId: string, { state, envelope, expiresAt }: Ending): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('idempotent_answers')
      .set({ state, envelope, expires_at: expiresAt, lease_until: null })
      .where('id', '=', id)
      .where('call_id', '=', callId)
      .where('state', '=', 'running')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async release(id: string, callId: string): Promise<void> {
    await this.sql
      .deleteFrom('idempotent_answers')
      .where('id', '=', id)
      .where('call_id', '=', callId)
      .where('state', '=', 'running')
      .execute();
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.db, 'idempotent_answers', now, limit);
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('idempotent_answers').where('project_id', '=', projectId).execute();
  }

  private async takeOver({ id, ...row }: KeptAnswerRow, now: number): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('idempotent_answers')
      .set(row)
      .where('id', '=', id)
      .where(({ eb, or }) => or([eb('expires_at', '<=', now), eb('lease_until', '<', now)]))
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }
}

function toRow(answer: StoredAnswer): KeptAnswerRow {
  return {
    id: answer.id,
    project_id: answer.projectId,
    call_id: answer.callId,
    state: answer.state,
    expires_at: answer.expiresAt,
    lease_until: answer.leaseUntil,
    envelope: answer.envelope,
  };
}

function toStored(row: KeptAnswerRow): StoredAnswer {
  return {
    id: row.id,
    projectId: row.project_id,
    callId: row.call_id,
    state: row.state,
    expiresAt: row.expires_at,
    leaseUntil: row.lease_until,
    envelope: row.envelope,
  };
}
