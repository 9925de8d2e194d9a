import { deleteExpiredRows, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import {
  CachedAnswerRepository,
  type StoredAnswer,
  type StoredAnswersMeant,
} from '../domain/cached-answer.repository.js';
import {
  cachedAnswerMigrations,
  type CachedAnswerRow,
  type CachedAnswerTables,
} from './cached-answer.table.js';

export class CachedAnswerSqlRepository extends CachedAnswerRepository {
  static readonly migrations = cachedAnswerMigrations;
  private readonly sql: Kysely<CachedAnswerTables>;

  constructor(private readonly db: Sql) {
    super();
    this.sql = db;
  }

  async find(projectId: string, id: string, now: number): Promise<StoredAnswer | null> {
    const row = await this.sql
      .selectFrom('cached_answers')
      .selectAll()
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .where('expires_at', '>', now)
      .executeTakeFirst();
    return row ? toStored(row) : null;
  }

  /** What is there is replaced by what was to be inserted, which thus is sent but once: a statement has no room for two large ones. */
  async save(answer: StoredAnswer): Promise<void> {
    await this.sql
      .insertInto('cached_answers')
      .values(toRow(answer))
      .onConflict(conflict =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          project_id: ref('excluded.project_id'),
          namespace: ref('excluded.namespace'),
          model: ref('excluded.model'),
          kept_at: ref('excluded.kept_at'),
          expires_at: ref('excluded.expires_at'),
          envelope: ref('excluded.envelope'),
        })),
      )
      .execute();
  }

  async delete(projectId: string, id: string): Promise<void> {
    await this.sql
      .deleteFrom('cached_answers')
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .execute();
  }

  async purge(projectId: string, { model, namespace, keptBefore }: StoredAnswersMeant): Promise<number> {
    let query = this.sql.deleteFrom('cached_answers').where('project_id', '=', projectId);
    if (model !== undefined) {
      query = query.where('model', '=', model);
    }
    if (namespace !== undefined) {
      query = query.where('namespace', '=', namespace);
    }
    if (keptBefore !== undefined) {
      query = query.where('kept_at', '<', keptBefore);
    }
    const { numDeletedRows } = await query.executeTakeFirstOrThrow();
    return Number(numDeletedRows);
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.db, 'cached_answers', now, limit);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.purge(projectId, {});
  }
}

function toRow(answer: StoredAnswer): CachedAnswerRow {
  return {
    id: answer.id,
    project_id: answer.projectId,
    namespace: answer.namespace,
    model: answer.model,
    kept_at: answer.keptAt,
    expires_at: answer.expiresAt,
    envelope: answer.envelope,
  };
}

function toStored(row: CachedAnswerRow): StoredAnswer {
  return {
    id: row.id,
    projectId: row.project_id,
    namespace: row.namespace,
    model: row.model,
    keptAt: row.kept_at,
    expiresAt: row.expires_at,
    envelope: row.envelope,
  };
}
