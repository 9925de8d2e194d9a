import { SealedRecords } from '@app/shared';
import type { StoredTranscription } from './transcription-record.entity.js';

/** Whose records: all of a project, or those of one of its keys. */
export interface RecordOwner {
  readonly projectId: string;
  readonly keyId?: string;
}

export interface RecordPage {
  readonly limit: number;
  /** Id of the record that the page stands behind. */
  readonly after?: string | undefined;
  /** SHA-256, hex; absent: of any file. */
  readonly fileHash?: string | undefined;
}

/** Storage port of the history of transcriptions. It sees envelopes, and gives nothing that has expired. Times in Unix ms. */
export abstract class TranscriptionRecordRepository extends SealedRecords {
  readonly kind = 'transcriptions';

  abstract insert(record: StoredTranscription): Promise<void>;
  abstract findById(owner: RecordOwner, id: string, now: number): Promise<StoredTranscription | null>;
  /** Latest first. */
  abstract list(owner: RecordOwner, page: RecordPage, now: number): Promise<StoredTranscription[]>;
  /** False when there was nothing to delete. */
  abstract delete(owner: RecordOwner, id: string, now: number): Promise<boolean>;
  /** Deletes at most `limit` that have expired, and tells how many. */
  abstract deleteExpired(now: number, limit: number): Promise<number>;
  /** When the oldest was made, of all or of one project, Unix ms; null when there is none. */
  abstract oldest(projectId?: string): Promise<number | null>;
  /** Deletes at most `limit` of a project whose ids are before that one, and tells how many. */
  abstract deleteOlder(projectId: string, id: string, limit: number): Promise<number>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
