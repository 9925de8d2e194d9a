import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { AnswerStorageModule } from './answer-storage.module.js';
import { CacheController } from './api/cache.controller.js';
import { AnswerCache } from './domain/answer-cache.service.js';
import { AnswerStore } from './domain/answer-store.js';
import { CachePurge } from './domain/cache-purge.service.js';
import { CachedAnswerSweep } from './domain/expiry-sweep.js';

@Module({
  imports: [AnswerStorageModule, AuditModule, ProjectsModule],
  controllers: [CacheController],
  providers: [AnswerCache, AnswerStore, CachePurge, CachedAnswerSweep],
  exports: [AnswerCache, CachedAnswerSweep],
})
export class OptimizationModule {}
