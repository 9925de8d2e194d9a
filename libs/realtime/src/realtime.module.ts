import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { AudioModule } from '@app/audio';
import { InferenceModule } from '@app/inference';
import { ProjectsModule } from '@app/projects';
import { RoutingModule } from '@app/routing';
import { ClientSecretsController } from './api/client-secrets.controller.js';
import { RealtimeController } from './api/realtime.controller.js';
import { Cascades } from './domain/cascade/cascades.js';
import { AudioServices, InnerServices } from './domain/cascade/inner-calls.js';
import { ClientSecretsService } from './domain/client-secrets.service.js';
import { LiveParts } from './domain/live-errand.js';
import { LiveRoads, RealtimeService } from './domain/realtime.service.js';

@Module({
  imports: [AnalyticsModule, AudioModule, InferenceModule, ProjectsModule, RoutingModule],
  controllers: [ClientSecretsController, RealtimeController],
  providers: [
    AudioServices,
    Cascades,
    ClientSecretsService,
    InnerServices,
    LiveParts,
    LiveRoads,
    RealtimeService,
  ],
  exports: [RealtimeService],
})
export class RealtimeModule {}
