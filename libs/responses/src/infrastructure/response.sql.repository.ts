import { deleteExpiredRows, OldRows, type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { StoredResponse } from '../domain/kept-response.entity.js';
import { type ResponseEnding, ResponseRepository } from '../domain/response.repository.js';
import { responseMigrations, type ResponseRow, type ResponseTables } from './response.table.js';

export class ResponseSqlRepository extends ResponseRepository {
  static readonly migrations = responseMigrations;
  private readonly sql: Kysely<ResponseTables>;
  private readonly sealed: SealedRows;
  private readonly old: OldRows;

  constructor(private readonly db: Sql) {
    super();
    this.sql = db;
    this.sealed = new SealedRows(db, 'responses');
    this.old = new OldRows(db, 'responses');
  }

  async insert(response: StoredResponse): Promise<void> {
    await this.sql.insertInto('responses').values(toRow(response)).execute();
  }

  async findById(projectId: string, id: string, now: number): Promise<StoredResponse | null> {
    const [found = null] = await this.findByIds(projectId, [id], now);
    return found;
  }

  async findByIds(projectId: string, ids: readonly string[], now: number): Promise<StoredResponse[]> {
    const rows = await this.sql
      .selectFrom('responses')
      .selectAll()
      .where('id', 'in', ids)
      .where('project_id', '=', projectId)
      .where('expires_at', '>', now)
      .execute();
    return rows.map(toStored);
  }

  async finish(id: string, { status, envelope, contextBytes }: ResponseEnding): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('responses')
      .set({ status, envelope, context_bytes: contextBytes, lease_until: null })
      .where('id', '=', id)
      .where('status', '=', 'in_progress')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async renewLease(id: string, until: number): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('responses')
      .set({ lease_until: until })
      .where('id', '=', id)
      .where('status', '=', 'in_progress')
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('responses')
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.db, 'responses', now, limit);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.old.oldest(projectId);
  }

  deleteOlder(projectId: string, id: string, limit: number): Promise<number> {
    return this.old.delete(projectId, id, limit);
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('responses').where('project_id', '=', projectId).execute();
  }
}

function toRow(response: StoredResponse): ResponseRow {
  return {
    id: response.id,
    project_id: response.projectId,
    created_at: response.createdAt,
    expires_at: response.expiresAt,
    status: response.status,
    provider: response.provider,
    model: response.model,
    ancestors: JSON.stringify(response.ancestors),
    conversation_id: response.conversationId,
    background: Number(response.background),
    context_bytes: response.contextBytes,
    lease_until: response.leaseUntil,
    envelope: response.envelope,
  };
}

function toStored(row: ResponseRow): StoredResponse {
  return {
    id: row.id,
    projectId: row.project_id,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    status: row.status,
    provider: row.provider,
    model: row.model,
    ancestors: JSON.parse(row.ancestors) as string[],
    conversationId: row.conversation_id,
    background: row.background === 1,
    contextBytes: row.context_bytes,
    leaseUntil: row.lease_until,
    envelope: row.envelope,
  };
}
