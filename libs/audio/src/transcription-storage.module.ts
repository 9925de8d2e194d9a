import { Module } from '@nestjs/common';
import { SealedJson } from '@app/responses';
import { repository, SEALED_DEADLINES_MS } from '@app/shared';
import { TranscriptionSweep } from './domain/history/expiry-sweep.js';
import { TranscriptionHistory } from './domain/history/transcription-history.service.js';
import { TranscriptionRecordRepository } from './domain/history/transcription-record.repository.js';
import { TranscriptionStock } from './domain/history/transcription-stock.js';
import { TranscriptionRecordSqlRepository } from './infrastructure/transcription-record.sql.repository.js';

export const transcriptionRecordRepository = repository(TranscriptionRecordRepository, {
  sql: TranscriptionRecordSqlRepository,
  deadlinesMs: { ...SEALED_DEADLINES_MS, insert: 30_000 }, // the caller has its answer already
  mongo: async () =>
    (await import('./infrastructure/transcription-record.mongo.repository.js'))
      .TranscriptionRecordMongoRepository,
});

/** What was heard, also for whoever deletes or seals anew what a project has. */
@Module({
  providers: [
    transcriptionRecordRepository,
    SealedJson,
    TranscriptionHistory,
    TranscriptionStock,
    TranscriptionSweep,
  ],
  exports: [TranscriptionRecordRepository, TranscriptionHistory, TranscriptionStock, TranscriptionSweep],
})
export class TranscriptionStorageModule {}
