import { Injectable } from '@nestjs/common';
import { type ExpiringRecords, firstIdAt } from '@app/shared';
import { TranscriptionRecordRepository } from './transcription-record.repository.js';

/** Transcriptions, which have an end of their own, of projects that want them kept for less than they did. */
@Injectable()
export class TranscriptionStock implements ExpiringRecords {
  constructor(private readonly records: TranscriptionRecordRepository) {}

  /** When the oldest was asked for, Unix ms; null when there is none. */
  oldest(projectId?: string): Promise<number | null> {
    return this.records.oldest(projectId);
  }

  /** @param before Unix ms @returns how many were deleted, at most `limit` */
  deleteBefore(before: number, limit: number, projectId: string): Promise<number> {
    return this.records.deleteOlder(projectId, firstIdAt(before), limit);
  }
}
