import { deleteExpiredRows, OldRows, type SealedRecord, SealedRows, type Sql } from '@app/shared';
import type { Kysely } from 'kysely';
import type { StoredTranscription } from '../domain/history/transcription-record.entity.js';
import {
  type RecordOwner,
  type RecordPage,
  TranscriptionRecordRepository,
} from '../domain/history/transcription-record.repository.js';
import {
  transcriptionMigrations,
  type TranscriptionRow,
  type TranscriptionTables,
} from './transcription-record.table.js';

export class TranscriptionRecordSqlRepository extends TranscriptionRecordRepository {
  static readonly migrations = transcriptionMigrations;
  private readonly sql: Kysely<TranscriptionTables>;
  private readonly sealed: SealedRows;
  private readonly old: OldRows;

  constructor(private readonly db: Sql) {
    super();
    this.sql = db;
    this.sealed = new SealedRows(db, 'transcriptions');
    this.old = new OldRows(db, 'transcriptions');
  }

  async insert(record: StoredTranscription): Promise<void> {
    await this.sql.insertInto('transcriptions').values(toRow(record)).execute();
  }

  async findById(owner: RecordOwner, id: string, now: number): Promise<StoredTranscription | null> {
    const row = await this.of(owner, now).where('id', '=', id).executeTakeFirst();
    return row ? toStored(row) : null;
  }

  async list(
    owner: RecordOwner,
    { limit, after, fileHash }: RecordPage,
    now: number,
  ): Promise<StoredTranscription[]> {
    const rows = await this.of(owner, now)
      .$if(fileHash !== undefined, query => query.where('file_hash', '=', fileHash ?? ''))
      .$if(after !== undefined, query => query.where('id', '<', after ?? ''))
      .orderBy('id', 'desc')
      .limit(limit)
      .execute();
    return rows.map(toStored);
  }

  async delete({ projectId, keyId }: RecordOwner, id: string, now: number): Promise<boolean> {
    const { numDeletedRows } = await this.sql
      .deleteFrom('transcriptions')
      .where('id', '=', id)
      .where('project_id', '=', projectId)
      .where('expires_at', '>', now)
      .$if(keyId !== undefined, query => query.where('key_id', '=', keyId ?? ''))
      .executeTakeFirstOrThrow();
    return numDeletedRows === 1n;
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredRows(this.db, 'transcriptions', now, limit);
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
    await this.sql.deleteFrom('transcriptions').where('project_id', '=', projectId).execute();
  }

  private of({ projectId, keyId }: RecordOwner, now: number) {
    return this.sql
      .selectFrom('transcriptions')
      .selectAll()
      .where('project_id', '=', projectId)
      .where('expires_at', '>', now)
      .$if(keyId !== undefined, query => query.where('key_id', '=', keyId ?? ''));
  }
}

function toRow(record: StoredTranscription): TranscriptionRow {
  return {
    id: record.id,
    project_id: record.projectId,
    key_id: record.keyId,
    task: record.task,
    provider: record.provider,
    file_hash: record.fileHash,
    duration: record.seconds,
    cost_nano_usd: record.costNanoUsd,
    cached: Number(record.cached),
    created_at: record.createdAt,
    expires_at: record.expiresAt,
    envelope: record.envelope,
  };
}

function toStored(row: TranscriptionRow): StoredTranscription {
  return {
    id: row.id,
    projectId: row.project_id,
    keyId: row.key_id,
    task: row.task,
    provider: row.provider,
    fileHash: row.file_hash,
    seconds: row.duration,
    costNanoUsd: row.cost_nano_usd,
    cached: row.cached === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    envelope: row.envelope,
  };
}
