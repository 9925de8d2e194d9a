import { Global, Module } from '@nestjs/common';
import { type ExpiringKind, ExpiringKinds } from '@app/analytics';
import { TranscriptionStock, TranscriptionStorageModule } from '@app/audio';
import type { Project } from '@app/projects';
import { ResponsesModule, ResponseStock } from '@app/responses';
import { Config } from '@app/shared';

const DAY_MS = 86_400_000;

/** Tells `analytics`, which may not use these features, what they keep for a time. */
@Global()
@Module({
  imports: [ResponsesModule, TranscriptionStorageModule],
  providers: [
    {
      provide: ExpiringKinds,
      inject: [ResponseStock, TranscriptionStock, Config],
      useFactory: (
        responses: ResponseStock,
        transcriptions: TranscriptionStock,
        { responsesTtlMs }: Config,
      ): ExpiringKinds => ({
        all: [responseKind(responses, responsesTtlMs), transcriptionKind(transcriptions)],
      }),
    },
  ],
  exports: [ExpiringKinds],
})
export class ExpiringKindsModule {}

function responseKind(records: ResponseStock, ttlMs: number): ExpiringKind {
  return { kind: 'responses', days: ttlMs / DAY_MS, daysOf: responseDays, expires: true, records };
}

function transcriptionKind(records: TranscriptionStock): ExpiringKind {
  return { kind: 'transcriptions', days: 0, daysOf: transcriptionDays, expires: true, records };
}

function responseDays({ retentionResponseDays }: Project): number | null {
  return retentionResponseDays;
}

function transcriptionDays({ transcriptionHistoryDays }: Project): number | null {
  return transcriptionHistoryDays;
}
