import { Body, Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, type Author, By } from '@app/shared';
import { CachePurge } from '../domain/cache-purge.service.js';
import { SemanticReport } from '../domain/semantic/semantic-report.entity.js';
import { SemanticReports } from '../domain/semantic/semantic-reports.service.js';
import { PurgeCache, PurgedCache } from './cache.dto.js';

@ApiTags('Projects')
@Access('admin')
@Controller('admin/projects/:projectId/cache')
export class CacheController {
  constructor(
    private readonly cache: CachePurge,
    private readonly semantic: SemanticReports,
  ) {}

  /** Tells what the semantic cache did for a project, or would have done: in this process, since it was started. */
  @Get('semantic')
  report(@Param('projectId') projectId: string): Promise<SemanticReport> {
    return this.semantic.of(projectId);
  }

  /** Forgets answers that are kept for a project: all, or those that are meant. */
  @Post('purge')
  @HttpCode(200)
  async purge(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Body() meant: PurgeCache,
  ): Promise<PurgedCache> {
    return { purged: await this.cache.purge(by, projectId, meant) };
  }
}
