import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { InferenceModule } from '@app/inference';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { RoutingModule } from '@app/routing';
import { SpeechController } from './api/speech.controller.js';
import { TranscriptionHistoryController } from './api/transcription-history.controller.js';
import { TranscriptionsController } from './api/transcriptions.controller.js';
import { AudioVendors } from './domain/audio-vendors.js';
import { ChosenKeys } from './domain/chosen-keys.js';
import { SpeechService } from './domain/speech.service.js';
import { TranscriptAnswers } from './domain/transcript.answers.js';
import { TranscriptionLegs } from './domain/transcription.legs.js';
import { TranscriptionService } from './domain/transcription.service.js';
import { TranscriptionStorageModule } from './transcription-storage.module.js';

@Module({
  imports: [
    AnalyticsModule,
    InferenceModule,
    ProjectsModule,
    ProvidersModule,
    RoutingModule,
    TranscriptionStorageModule,
  ],
  controllers: [SpeechController, TranscriptionHistoryController, TranscriptionsController],
  providers: [
    AudioVendors,
    ChosenKeys,
    SpeechService,
    TranscriptAnswers,
    TranscriptionLegs,
    TranscriptionService,
  ],
  exports: [AudioVendors, SpeechService, TranscriptionService, TranscriptionStorageModule],
})
export class AudioModule {}
