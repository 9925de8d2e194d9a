import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, LOGGER, type Logger, momentOf, Reply, sendExport } from '@app/shared';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { UsageService } from '../domain/usage.service.js';
import { USAGE_COLUMNS } from './usage.columns.js';
import { UsageExportQuery, type UsageView } from './usage.dto.js';
import { toUsageView } from './usage.view.js';

/** Before `UsageController`, which takes any other name for the id of a call. */
@ApiTags('Usage')
@Access('admin')
@Controller('admin/usage')
export class UsageExportController {
  constructor(
    private readonly usage: UsageService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Streams all usage records that fit, latest first, as fast as they are read; an answer that breaks off is not whole. */
  @Get('export')
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @Reply() response: ServerResponse,
    @Query() { format, from, to, ...filter }: UsageExportQuery,
  ): Promise<void> {
    const pages = this.usage.pages({ ...filter, from: momentOf(from), to: momentOf(to) });
    await sendExport(response, viewsOf(pages), { name: 'usage', format, columns: USAGE_COLUMNS }, this.log);
  }
}

async function* viewsOf(pages: AsyncIterable<readonly UsageRecord[]>): AsyncGenerator<UsageView[]> {
  for await (const page of pages) {
    yield page.map(toUsageView);
  }
}
