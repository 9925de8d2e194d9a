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
import { Access, type Author, By, Conditional, EntityTagInterceptor, PageQuery } from '@app/shared';
import { ProviderKeyChanges } from '../domain/provider-key-changes.service.js';
import { ProviderKey } from '../domain/provider-key.entity.js';
import { ProviderKeysService } from '../domain/provider-keys.service.js';
import { KnownVendorsPipe } from './known-vendors.pipe.js';
import { CreateProviderKey, ProviderKeyPage, UpdateProviderKey } from './provider-keys.dto.js';

@Access('admin')
@Controller('admin/projects/:projectId/provider-keys')
@UseInterceptors(EntityTagInterceptor)
export class ProviderKeysController {
  constructor(
    private readonly keys: ProviderKeysService,
    private readonly changes: ProviderKeyChanges,
  ) {}

  /** Stores a key of the project's own for a vendor; they are used before the gateway's, the default one and those with a weight. */
  @Post()
  create(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Body(KnownVendorsPipe) key: CreateProviderKey,
  ): Promise<ProviderKey> {
    return this.changes.create(by, projectId, key);
  }

  /** Lists the vendor keys of a project, masked, oldest first. */
  @Get()
  list(@Param('projectId') projectId: string, @Query() page: PageQuery): Promise<ProviderKeyPage> {
    return this.keys.list(projectId, page);
  }

  /** Shows a vendor key, masked. */
  @Get(':id')
  get(@Param('projectId') projectId: string, @Param('id') id: string): Promise<ProviderKey> {
    return this.keys.get(projectId, id);
  }

  /** Renames a vendor key, weighs it, or makes it the default of its vendor. */
  @Patch(':id')
  @Conditional()
  update(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
    @Body() changes: UpdateProviderKey,
  ): Promise<ProviderKey> {
    return this.changes.update(by, projectId, id, changes);
  }

  /** Keeps a vendor key, but uses it no more. */
  @Post(':id/deactivate')
  @HttpCode(200)
  @Conditional()
  deactivate(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
  ): Promise<ProviderKey> {
    return this.changes.deactivate(by, projectId, id);
  }

  /** Uses a vendor key again. */
  @Post(':id/activate')
  @HttpCode(200)
  @Conditional()
  activate(
    @By() by: Author,
    @Param('projectId') projectId: string,
    @Param('id') id: string,
  ): Promise<ProviderKey> {
    return this.changes.activate(by, projectId, id);
  }

  /** Deletes a vendor key. */
  @Delete(':id')
  @HttpCode(204)
  @Conditional()
  delete(@By() by: Author, @Param('projectId') projectId: string, @Param('id') id: string): Promise<void> {
    return this.changes.delete(by, projectId, id);
  }
}
