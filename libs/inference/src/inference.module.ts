import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AnalyticsModule } from '@app/analytics';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { RoutingModule } from '@app/routing';
import { ChatCompletionsController } from './api/chat-completions.controller.js';
import { ErrorFilter } from './api/error.filter.js';
import { ImagesController } from './api/images.controller.js';
import { ModelsController } from './api/models.controller.js';
import { ProviderKeyChecksController } from './api/provider-key-checks.controller.js';
import { EndpointService } from './domain/endpoint.service.js';
import { GenerationService } from './domain/generation.service.js';
import { ImagesService } from './domain/images/images.service.js';
import { ModelsService } from './domain/models.service.js';
import { OpenStreams } from './domain/open-streams.js';
import { ProviderKeyCheck } from './domain/provider-key-check.js';
import { RequestPreparer } from './domain/request-preparer.js';
import { UpstreamService } from './domain/upstream.service.js';
import { VendorPathAccess } from './domain/vendor-path/vendor-path.access.js';
import { VendorPathService } from './domain/vendor-path/vendor-path.service.js';

@Module({
  imports: [AnalyticsModule, ProjectsModule, ProvidersModule, RoutingModule],
  controllers: [ChatCompletionsController, ImagesController, ModelsController, ProviderKeyChecksController],
  providers: [
    EndpointService,
    GenerationService,
    ImagesService,
    ModelsService,
    OpenStreams,
    ProviderKeyCheck,
    RequestPreparer,
    UpstreamService,
    VendorPathAccess,
    VendorPathService,
    ErrorFilter,
    { provide: APP_FILTER, useExisting: ErrorFilter },
  ],
  exports: [OpenStreams, UpstreamService, VendorPathService],
})
export class InferenceModule {}
