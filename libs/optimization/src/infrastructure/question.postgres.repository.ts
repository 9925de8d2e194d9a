import { deleteExpiredRows, type Sql } from '@app/shared';
import { type Kysely, sql as raw } from 'kysely';
import type { Vector } from '../domain/semantic/question-index.js';
import {
  type QuestionPlace,
  QuestionRepository,
  type QuestionTimes,
  type StoredNear,
  type StoredQuestion,
} from '../domain/semantic/question.repository.js';
import { questionMigrations, type QuestionTables } from './question.table.js';

/** What was used since is not noted again: that would be a write for every answer that is given. */
const TOUCHED_MS = 60_000;

/**
 * In a PostgreSQL with the extension `vector` (pgvector). A room is compared as a whole: it is small, and an index of vectors would have to be of
 * one model, and is not exact.
 */
export class QuestionPostgresRepository extends QuestionRepository {
  static readonly migrations = questionMigrations;
  private readonly sql: Kysely<QuestionTables>;

  constructor(private readonly db: Sql) {
    super();
    this.sql = db;
  }

  /** As answers are, the vector is sent but once. */
  async save(question: StoredQuestion, vector: Vector, times: QuestionTimes): Promise<void> {
    await this.sql
      .insertInto('semantic_questions')
      .values({
        id: question.id,
        project_id: question.projectId,
        room: question.room,
        call_id: question.callId,
        model: vector.model,
        dimensions: vector.numbers.length,
        vector: literal(vector),
        used_at: times.usedAt,
        expires_at: times.expiresAt,
        envelope: question.envelope,
      })
      .onConflict(conflict =>
        conflict.column('id').doUpdateSet(({ ref }) => ({
          project_id: ref('excluded.project_id'),
          room: ref('excluded.room'),
          call_id: ref('excluded.call_id'),
          model: ref('excluded.model'),
          dimensions: ref('excluded.dimensions'),
          vector: ref('excluded.vector'),
          used_at: ref('excluded.used_at'),
          expires_at: ref('excluded.expires_at'),
          envelope: ref('excluded.envelope'),
        })),
      )
      .execute();
  }

  async nearest(
    asked: Pick<QuestionPlace, 'projectId' | 'room'>,
    vector: Vector,
    now: number,
    limit: number,
  ): Promise<StoredNear[]> {
    const rows = await this.sql
      .selectFrom('semantic_questions')
      .select(['id', 'project_id as projectId', 'room', 'call_id as callId', 'envelope'])
      .select(raw<number>`vector <=> ${literal(vector)}`.as('distance'))
      .where('project_id', '=', asked.projectId)
      .where('room', '=', asked.room)
      .where('model', '=', vector.model)
      .where('dimensions', '=', vector.numbers.length)
      .where('expires_at', '>', now)
      .orderBy('distance')
      .limit(limit)
      .execute();
    return rows.map(({ distance, ...question }) => ({ question, similarity: 1 - distance }));
  }

  async touch({ id, callId }: QuestionPlace, now: number): Promise<void> {
    await this.sql
      .updateTable('semantic_questions')
      .set({ used_at: now })
      .where('id', '=', id)
      .where('call_id', '=', callId)
      .where('used_at', '<', now - TOUCHED_MS)
      .execute();
  }

  async delete({ id, callId }: QuestionPlace): Promise<void> {
    await this.sql
      .deleteFrom('semantic_questions')
      .where('id', '=', id)
      .where('call_id', '=', callId)
      .execute();
  }

  async trim(
    { projectId, room }: Pick<QuestionPlace, 'projectId' | 'room'>,
    { inRoom, ofProject }: { readonly inRoom: number; readonly ofProject: number },
  ): Promise<void> {
    const all = this.sql.selectFrom('semantic_questions').select('id').where('project_id', '=', projectId);
    const latest = all.orderBy('used_at', 'desc').orderBy('id');
    for (const longestUnused of [latest.where('room', '=', room).offset(inRoom), latest.offset(ofProject)]) {
      // In one order, and past what another gateway deletes just now: else two could wait for each other.
      const free = all.where('id', 'in', longestUnused).orderBy('id').forUpdate().skipLocked();
      await this.sql.deleteFrom('semantic_questions').where('id', 'in', free).execute();
    }
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.db, 'semantic_questions', now, limit);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.sql.deleteFrom('semantic_questions').where('project_id', '=', projectId).execute();
  }
}

/** As pgvector reads it. */
function literal({ numbers }: Vector): unknown {
  return raw`${`[${numbers.join(',')}]`}::vector`;
}
