import { Controller, Get, Query } from '@nestjs/common';
import { Access, PageQuery } from '@app/shared';
import { ProviderStatusService } from '../status/provider-status.service.js';
import { ProviderPage } from './providers.dto.js';

@Access('admin')
@Controller('admin/providers')
export class ProvidersController {
  constructor(private readonly statuses: ProviderStatusService) {}

  /** Lists the vendors by id: which are configured, with whose key, and whether they can be reached. */
  @Get()
  list(@Query() page: PageQuery): Promise<ProviderPage> {
    return this.statuses.list(page);
  }
}
