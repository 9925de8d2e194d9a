import { Module } from '@nestjs/common';
import { AuditModule } from '@app/audit';
import { ProjectsModule } from '@app/projects';
import { CacheController } from './api/cache.controller.js';
import { AnswerCache } from './domain/answer-cache.service.js';
import { CachePurge } from './domain/cache-purge.service.js';

@Module({
  imports: [AuditModule, ProjectsModule],
  controllers: [CacheController],
  providers: [AnswerCache, CachePurge],
  exports: [AnswerCache],
})
export class OptimizationModule {}
