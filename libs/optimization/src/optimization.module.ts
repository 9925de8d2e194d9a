import { type FactoryProvider, Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
import { Clock } from '@app/shared';
import { AnswerStorageModule } from './answer-storage.module.js';
import { CacheController } from './api/cache.controller.js';
import { AnswerCache } from './domain/answer-cache.service.js';
import { AnswerStore } from './domain/answer-store.js';
import { CachePurge } from './domain/cache-purge.service.js';
import { CachedAnswerSweep } from './domain/expiry-sweep.js';
import { QuestionIndex } from './domain/semantic/question-index.js';
import { SemanticCounts } from './domain/semantic/semantic-counts.js';
import { SemanticReports } from './domain/semantic/semantic-reports.service.js';
import { PromptPasses } from './domain/passes/prompt-passes.service.js';

const questionIndex: FactoryProvider<QuestionIndex> = {
  provide: QuestionIndex,
  inject: [Clock, AnswerCache],
  useFactory: (clock: Clock, cache: AnswerCache) => {
    const index = new QuestionIndex(clock);
    cache.onPurge(projectId => index.forget(projectId)); // what is left is compared again when it is asked again
    return index;
  },
};

@Module({
  imports: [AnswerStorageModule, AuditModule, ProjectsModule, ProvidersModule],
  controllers: [CacheController],
  providers: [
    AnswerCache,
    AnswerStore,
    CachePurge,
    CachedAnswerSweep,
    PromptPasses,
    questionIndex,
    SemanticCounts,
    SemanticReports,
  ],
  exports: [AnswerCache, CachedAnswerSweep, PromptPasses, QuestionIndex, SemanticCounts],
})
export class OptimizationModule {}
