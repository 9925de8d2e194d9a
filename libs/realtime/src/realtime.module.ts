import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { InferenceModule } from '@app/inference';
import { ProjectsModule } from '@app/projects';
import { RoutingModule } from '@app/routing';
import { ClientSecretsController } from './api/client-secrets.controller.js';
import { RealtimeController } from './api/realtime.controller.js';
import { ClientSecretsService } from './domain/client-secrets.service.js';
import { LiveParts } from './domain/live-errand.js';
import { RealtimeService } from './domain/realtime.service.js';

@Module({
  imports: [AnalyticsModule, InferenceModule, ProjectsModule, RoutingModule],
  controllers: [ClientSecretsController, RealtimeController],
  providers: [ClientSecretsService, LiveParts, RealtimeService],
  exports: [RealtimeService],
})
export class RealtimeModule {}
