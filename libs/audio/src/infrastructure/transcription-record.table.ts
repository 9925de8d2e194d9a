import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import type { RecordHead } from '../domain/history/transcription-record.entity.js';

export interface TranscriptionRow {
  readonly id: string;
  readonly project_id: string;
  readonly key_id: string;
  readonly task: RecordHead['task'];
  readonly provider: string;
  readonly file_hash: string;
  /** Seconds. */
  readonly duration: number | null;
  readonly cost_nano_usd: number | null;
  /** 0 or 1. */
  readonly cached: number;
  /** Unix ms, as the next. */
  readonly created_at: number;
  readonly expires_at: number;
  readonly envelope: string;
}

export interface TranscriptionTables {
  transcriptions: TranscriptionRow;
}

export const transcriptionMigrations: Record<string, Migration> = {
  '2026-11-28-transcriptions': {
    up: async (db: Kysely<unknown>) => {
      await db.schema
        .createTable('transcriptions')
        .addColumn('id', 'varchar(64)', column => column.primaryKey())
        .addColumn('project_id', 'varchar(64)', column => column.notNull())
        .addColumn('key_id', 'varchar(64)', column => column.notNull())
        .addColumn('task', 'varchar(16)', column => column.notNull())
        .addColumn('provider', 'varchar(64)', column => column.notNull())
        .addColumn('file_hash', 'varchar(64)', column => column.notNull())
        .addColumn('duration', 'double precision')
        .addColumn('cost_nano_usd', 'bigint')
        .addColumn('cached', 'integer', column => column.notNull())
        .addColumn('created_at', 'bigint', column => column.notNull())
        .addColumn('expires_at', 'bigint', column => column.notNull())
        .addColumn('envelope', 'text', column => column.notNull())
        .execute();
      // list, deleteOf
      await db.schema
        .createIndex('transcriptions_by_project')
        .on('transcriptions')
        .columns(['project_id', 'id'])
        .execute();
      // list of one file
      await db.schema
        .createIndex('transcriptions_by_file')
        .on('transcriptions')
        .columns(['project_id', 'file_hash', 'id'])
        .execute();
      // deleteExpired
      await db.schema
        .createIndex('transcriptions_by_expiry')
        .on('transcriptions')
        .column('expires_at')
        .execute();
    },
  },
};
