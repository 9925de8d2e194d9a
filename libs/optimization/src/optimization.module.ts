import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { ProvidersModule } from '@app/providers';
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

@Module({
  imports: [AnswerStorageModule, AuditModule, ProjectsModule, ProvidersModule],
  controllers: [CacheController],
  providers: [
    AnswerCache,
    AnswerStore,
    CachePurge,
    CachedAnswerSweep,
    PromptPasses,
    SemanticCounts,
    SemanticReports,
  ],
  exports: [AnswerStorageModule, AnswerCache, CachedAnswerSweep, PromptPasses, SemanticCounts],
})
export class OptimizationModule {
  constructor(cache: AnswerCache, questions: QuestionIndex) {
    // What is left of answers is compared again when it is asked again.
    cache.onPurge(projectId => questions.forget(projectId));
    cache.onStorePurge(projectId => questions.deleteOf(projectId));
  }
}
