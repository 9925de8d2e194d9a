import { Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AnalyticsModule } from '@app/analytics';
import { BudgetsModule } from '@app/budgets';
import { Embedder, OptimizationModule, QuestionVectors, SemanticCache } from '@app/optimization';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { ResponsesModule } from '@app/responses';
import { RoutingModule } from '@app/routing';
import { ChatCompletionsController } from './api/chat-completions.controller.js';
import { CompletionsController } from './api/completions.controller.js';
import { ConversationsController } from './api/conversations.controller.js';
import { EmbedContentController } from './api/embed-content.controller.js';
import { EmbeddingsController } from './api/embeddings.controller.js';
import { ErrorFilter } from './api/error.filter.js';
import { MessagesController } from './api/messages.controller.js';
import { GenerateContentController } from './api/generate-content.controller.js';
import { KeptResponsesController } from './api/kept-responses.controller.js';
import { ImagesController } from './api/images.controller.js';
import { ModelsController } from './api/models.controller.js';
import { ModerationsController } from './api/moderations.controller.js';
import { PastGenerationsController } from './api/past-generations.controller.js';
import { ProjectUsageController } from './api/project-usage.controller.js';
import { ProviderKeyChecksController } from './api/provider-key-checks.controller.js';
import { RerankController } from './api/rerank.controller.js';
import { ResponsesController } from './api/responses.controller.js';
import { ActiveProbes } from './domain/active-probes.js';
import { AnswerLengths } from './domain/answer-lengths.js';
import { CacheCirculars } from './domain/cache/cache-circulars.js';
import { CachedAnswers } from './domain/cache/cached-answers.js';
import { Flights } from './domain/cache/flights.js';
import { GatewayEmbedder } from './domain/cache/gateway-embedder.js';
import { GatewayMail } from './domain/cache/gateway-mail.js';
import { OtherGateways } from './domain/cache/other-gateways.js';
import { Replays } from './domain/cache/replays.js';
import { Retellings } from './domain/cache/retellings.js';
import { SeenBodies } from './domain/cache/seen-bodies.js';
import { TaskVisits } from './domain/cache/task-visits.js';
import { CompactionService } from './domain/compaction.service.js';
import { EndpointService } from './domain/endpoint.service.js';
import { GenerationRoads } from './domain/generation.road.js';
import { GenerationService } from './domain/generation.service.js';
import { ImagesService } from './domain/images/images.service.js';
import { ModelDescriptions } from './domain/model-descriptions.js';
import { ModelsService } from './domain/models.service.js';
import { OpenStreams } from './domain/open-streams.js';
import { PastGenerations } from './domain/past-generations.js';
import { PriceCuts } from './domain/price-cuts.js';
import { ProviderKeyCheck } from './domain/provider-key-check.js';
import { RequestPreparer } from './domain/request-preparer.js';
import { AnswerKeeper } from './domain/responses/answer-keeper.js';
import { BackgroundResponses } from './domain/responses/background-responses.js';
import { ConversationRequests } from './domain/responses/conversation-requests.js';
import { EarlierItems } from './domain/responses/earlier-items.js';
import { KeptResponseRequests } from './domain/responses/kept-response-requests.js';
import { NativeKeepers } from './domain/responses/native-keepers.js';
import { ResponseGeneration } from './domain/responses/response-generation.service.js';
import { ResponseMemory } from './domain/responses/response-memory.js';
import { StateRequests } from './domain/responses/state-requests.js';
import { Spending } from './domain/spending.js';
import { TokenCountService } from './domain/token-count.service.js';
import { TaskRoads } from './domain/task.road.js';
import { TaskService } from './domain/task.service.js';
import { UnattendedWork } from './domain/unattended-work.js';
import { UpstreamService } from './domain/upstream.service.js';
import { VendorPathAccess } from './domain/vendor-path/vendor-path.access.js';
import { VendorPathMetering } from './domain/vendor-path/vendor-path.metering.js';
import { VendorPathService } from './domain/vendor-path/vendor-path.service.js';

/** Questions in other words: `optimization` compares them, vectors are made here. */
const semanticCache = [{ provide: Embedder, useClass: GatewayEmbedder }, QuestionVectors, SemanticCache];

/** The memory of Responses. */
const responseState = [
  AnswerKeeper,
  BackgroundResponses,
  ConversationRequests,
  EarlierItems,
  KeptResponseRequests,
  NativeKeepers,
  ResponseGeneration,
  ResponseMemory,
  StateRequests,
];

@Module({
  imports: [
    AnalyticsModule,
    BudgetsModule,
    OptimizationModule,
    ProjectsModule,
    ProvidersModule,
    ResponsesModule,
    RoutingModule,
  ],
  controllers: [
    ChatCompletionsController,
    CompletionsController,
    ConversationsController,
    EmbedContentController,
    EmbeddingsController,
    GenerateContentController,
    ImagesController,
    KeptResponsesController,
    MessagesController,
    ModelsController,
    ModerationsController,
    PastGenerationsController,
    ProjectUsageController,
    ProviderKeyChecksController,
    RerankController,
    ResponsesController,
  ],
  providers: [
    ActiveProbes,
    AnswerLengths,
    CacheCirculars,
    CachedAnswers,
    Flights,
    GatewayMail,
    OtherGateways,
    Replays,
    Retellings,
    SeenBodies,
    CompactionService,
    EndpointService,
    GenerationRoads,
    Spending,
    GenerationService,
    ImagesService,
    ModelDescriptions,
    ModelsService,
    OpenStreams,
    PastGenerations,
    PriceCuts,
    ProviderKeyCheck,
    RequestPreparer,
    TokenCountService,
    TaskRoads,
    TaskService,
    TaskVisits,
    UnattendedWork,
    UpstreamService,
    VendorPathAccess,
    VendorPathMetering,
    VendorPathService,
    ...responseState,
    ...semanticCache,
    ErrorFilter,
    { provide: APP_FILTER, useExisting: ErrorFilter },
  ],
  exports: [
    EndpointService,
    GenerationService,
    OpenStreams,
    Spending,
    TaskRoads,
    TaskVisits,
    UnattendedWork,
    UpstreamService,
    VendorPathService,
  ],
})
export class InferenceModule {}
