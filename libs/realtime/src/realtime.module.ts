import { Module } from '@nestjs/common';
import { AnalyticsModule } from '@app/analytics';
import { InferenceModule } from '@app/inference';
import { RoutingModule } from '@app/routing';
import { RealtimeController } from './api/realtime.controller.js';
import { LiveParts } from './domain/live-errand.js';
import { RealtimeService } from './domain/realtime.service.js';

@Module({
  imports: [AnalyticsModule, InferenceModule, RoutingModule],
  controllers: [RealtimeController],
  providers: [LiveParts, RealtimeService],
  exports: [RealtimeService],
})
export class RealtimeModule {}
