import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, PageQuery } from '@app/shared';
import { IssuedApiKey } from '../domain/api-key.entity.js';
import { ApiKeysService } from '../domain/api-keys.service.js';
import { ApiKeyPage, IssueApiKey } from './api-keys.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/api-keys')
export class ApiKeysController {
  constructor(private readonly keys: ApiKeysService) {}

  /** Issues an API key of the project. It is shown here and never again. */
  @Post()
  issue(@Param('projectId') projectId: string, @Body() key: IssueApiKey): Promise<IssuedApiKey> {
    return this.keys.issue(projectId, key);
  }

  /** Lists the API keys of a project, masked, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<ApiKeyPage> {
    return this.keys.list(projectId, page);
  }

  /** Revokes an API key, for good: within a second it answers 401. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.keys.revoke(projectId, id);
  }
}
