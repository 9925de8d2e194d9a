import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { Access, PageQuery } from '@app/shared';
import { ProviderKey } from '../domain/provider-key.entity.js';
import { ProviderKeysService } from '../domain/provider-keys.service.js';
import { CreateProviderKey, ProviderKeyPage } from './provider-keys.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/provider-keys')
export class ProviderKeysController {
  constructor(private readonly keys: ProviderKeysService) {}

  /** Stores the project's own key for a vendor; the latest one of a vendor is used, before the gateway's. */
  @Post()
  create(@Param('projectId') projectId: string, @Body() key: CreateProviderKey): Promise<ProviderKey> {
    return this.keys.create(projectId, key);
  }

  /** Lists the vendor keys of a project, masked, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<ProviderKeyPage> {
    return this.keys.list(projectId, page);
  }

  /** Deletes a vendor key. */
  @Delete(':id')
  @HttpCode(204)
  delete(@Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.keys.delete(projectId, id);
  }
}
