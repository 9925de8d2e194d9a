import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { AudioModule } from '@app/audio';
import { InferenceModule } from '@app/inference';
import { ProjectsModule } from '@app/projects';
import { RoutingModule } from '@app/routing';
import { ClientSecretsController } from './api/client-secrets.controller.js';
import { OlderSessionsController } from './api/older-sessions.controller.js';
import { RealtimeController } from './api/realtime.controller.js';
import { Cascades } from './domain/cascade/cascades.js';
import { Dictations } from './domain/cascade/dictations.js';
import { HeldSessions } from './domain/cascade/held-sessions.js';
import { AudioServices, InnerServices } from './domain/cascade/inner-calls.js';
import { ClientSecretsService } from './domain/client-secrets.service.js';
import { LiveParts } from './domain/live-errand.js';
import { LiveRoads } from './domain/live-roads.js';
import { RealtimeService } from './domain/realtime.service.js';

@Module({
  imports: [AnalyticsModule, AudioModule, InferenceModule, ProjectsModule, RoutingModule],
  controllers: [ClientSecretsController, OlderSessionsController, RealtimeController],
  providers: [
    AudioServices,
    Cascades,
    ClientSecretsService,
    Dictations,
    HeldSessions,
    InnerServices,
    LiveParts,
    LiveRoads,
    RealtimeService,
  ],
  exports: [RealtimeService],
})
export class RealtimeModule {}
