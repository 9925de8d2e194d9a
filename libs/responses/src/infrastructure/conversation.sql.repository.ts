import { type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { StoredConversation } from '../domain/conversation.entity.js';
import { ConversationRepository, type Growth } from '../domain/conversation.repository.js';
import {
  conversationMigrations,
  type ConversationRow,
  type ConversationTables,
} from './conversation.table.js';

export class ConversationSqlRepository extends ConversationRepository {
  static readonly migrations = conversationMigrations;
  private readonly sql: Kysely<ConversationTables>;
  private readonly sealed: SealedRows;

  constructor(sql: Sql) {
    super();
    this.sql = sql;
    this.sealed = new SealedRows(sql, 'conversations');
  }

  async insert({ projectId, createdAt, expiresAt, ...conversation }: StoredConversation): Promise<void> {
    const times = { created_at: createdAt, expires_at: expiresAt };
    await this.sql
      .insertInto('conversations')
      .values({ ...conversation, project_id: projectId, ...times })
      .execute();
  }

  async findById(projectId: string, id: string, now: number): Promise<StoredConversation | null> {
    const row = await this.sql
      .selectFrom('conversations')
      .selectAll()
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async setEnvelope(projectId: string, id: string, envelope: string): Promise<boolean> {
    const { numUpdatedRows } = await this.sql
      .updateTable('conversations')
      .set({ envelope })
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    return numUpdatedRows === 1n;
  }

  /** The update comes first and locks the row, so that the length which is read after it is its own. */
  async grow(projectId: string, id: string, { items, bytes, expiresAt }: Growth): Promise<number | null> {
    return this.sql.transaction().execute(async transaction => {
      await transaction
        .updateTable('conversations')
        .set(({ eb }) => ({
          length: eb('length', '+', items),
          bytes: eb('bytes', '+', bytes),
          expires_at: expiresAt,
        }))
        .where('id', '=', id)
        .where('project_id', '=', projectId)
        .execute();
      const row = await transaction
        .selectFrom('conversations')
        .select('length')
        .where('id', '=', id)
        .where('project_id', '=', projectId)
        .executeTakeFirst();
      return row ? row.length - items : null;
    });
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('conversations')
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  async findExpired(now: number, limit: number): Promise<StoredConversation[]> {
    const rows = await this.sql
      .selectFrom('conversations')
      .selectAll()
      .where('expires_at', '<=', now)
      .orderBy('expires_at')
      .limit(limit)
      .execute();
    return rows.map(toStored);
  }

  async shorten(projectId: string, expiresAt: number, limit: number): Promise<number> {
    const rows = await this.sql
      .selectFrom('conversations')
      .select('id')
      .where('project_id', '=', projectId)
      .where('expires_at', '>', expiresAt)
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => id);
    if (ids.length > 0) {
      await this.sql
        .updateTable('conversations')
        .set({ expires_at: expiresAt })
        .where('id', 'in', ids)
        .execute();
    }
    return ids.length;
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('conversations').where('project_id', '=', projectId).execute();
  }
}

function toStored({ project_id, created_at, expires_at, ...row }: ConversationRow): StoredConversation {
  return { ...row, projectId: project_id, createdAt: created_at, expiresAt: expires_at };
}
