import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  UseInterceptors,
} from '@nestjs/common';
import { ApiConflictResponse } from '@nestjs/swagger';
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import { ApiKeyChanges } from '../domain/api-key-changes.service.js';
import { ApiKey, IssuedApiKey } from '../domain/api-key.entity.js';
import { ApiKeysService } from '../domain/api-keys.service.js';
import { KnownVendorsPipe } from './known-vendors.pipe.js';
import { ApiKeyPage, IssueApiKey, RotateApiKey, UpdateApiKey } from './api-keys.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/api-keys')
@UseInterceptors(EntityTagInterceptor)
export class ApiKeysController {
  constructor(
    private readonly keys: ApiKeysService,
    private readonly changes: ApiKeyChanges,
  ) {}

  /** Issues an API key of the project. It is shown here and never again. */
  @Post()
  issue(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Body(KnownVendorsPipe) key: IssueApiKey,
  ): Promise<IssuedApiKey> {
    return this.changes.issue(by, projectId, key);
  }

  /** Lists the API keys of a project, masked, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<ApiKeyPage> {
    return this.keys.list(projectId, page);
  }

  /** Shows an API key, masked. */
  @Get(':id')
  get(@Param('projectId') projectId: string, @Param('id') id: string): Promise<ApiKey> {
    return this.keys.get(projectId, id);
  }

  /** Changes name, expiry or scope of an API key, known to every gateway within a second. */
  @Patch(':id')
  @Conditional()
  update(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body(KnownVendorsPipe) changes: UpdateApiKey,
  ): Promise<ApiKey> {
    return this.changes.update(by, projectId, id, changes);
  }

  /** Issues a key with the same name, scope and expiry, once; the old one works for `overlapSeconds` more. */
  @ApiConflictResponse()
  @Post(':id/rotate')
  @Conditional()
  rotate(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body() { overlapSeconds }: RotateApiKey,
  ): Promise<IssuedApiKey> {
    return this.changes.rotate(by, projectId, id, overlapSeconds);
  }

  /** Revokes an API key, for good: within a second it answers 401. */
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  revoke(@By() by: Author, @Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.changes.revoke(by, projectId, id);
  }
}
