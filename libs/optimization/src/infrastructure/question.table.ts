import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export interface QuestionRow {
  readonly id: string;
  readonly project_id: string;
  readonly room: string;
  readonly call_id: string;
  /** That made the vector. */
  readonly model: string;
  /** Of the vector: those of several models are in one column, and two lengths cannot be compared. */
  readonly dimensions: number;
  /** See `turnedVector`. */
  readonly vector: unknown;
  /** Unix ms, as the next. */
  readonly used_at: number;
  readonly expires_at: number;
  readonly envelope: string;
}

export interface QuestionTables {
  semantic_questions: QuestionRow;
}

/** For a PostgreSQL with the extension `vector`. */
export const questionMigrations: Record<string, Migration> = {
  '2026-11-27-semantic-questions': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('semantic_questions')
        .addColumn('id', 'text', column => column.primaryKey())
        .addColumn('project_id', 'text', column => column.notNull())
        .addColumn('room', 'text', column => column.notNull())
        .addColumn('call_id', 'text', column => column.notNull())
        .addColumn('model', 'text', column => column.notNull())
        .addColumn('dimensions', 'integer', column => column.notNull())
        .addColumn('vector', sql`vector`, column => column.notNull())
        .addColumn('used_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      await index(db, 'by_room', ['project_id', 'room', 'used_at']); // nearest, trim
      await index(db, 'by_project', ['project_id', 'used_at']); // trim, deleteOf
      await index(db, 'by_expiry', ['expires_at']); // deleteExpired
    },
  },
};

async function index(db: Kysely<unknown>, name: string, columns: string[]): Promise<void> {
  await db.schema
    .createIndex(`semantic_questions_${name}`)
    .on('semantic_questions')
    .columns(columns)
    .execute();
}
