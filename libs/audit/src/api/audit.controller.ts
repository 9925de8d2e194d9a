import type { ServerResponse } from 'node:http';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { Access, LOGGER, type Logger, momentOf, Reply, sendExport } from '@app/shared';
import { AuditTrail } from '../domain/audit-trail.service.js';
import { AUDIT_COLUMNS } from './audit.columns.js';
import { AuditExportQuery, AuditPage, AuditQuery } from './audit.dto.js';

@Access('admin')
@Controller('admin/audit')
export class AuditController {
  constructor(
    private readonly trail: AuditTrail,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Lists who changed what in the management API, latest first. */
  @Get()
  list(@Query() { from, to, limit, after, ...filter }: AuditQuery): Promise<AuditPage> {
    return this.trail.list({ ...filter, from: momentOf(from), to: momentOf(to) }, { limit, after });
  }

  /** Streams all entries that fit, latest first, as fast as they are read; an answer that breaks off is not whole. */
  @Get('export')
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @Reply() response: ServerResponse,
    @Query() { format, from, to, ...filter }: AuditExportQuery,
  ): Promise<void> {
    const pages = this.trail.pages({ ...filter, from: momentOf(from), to: momentOf(to) });
    await sendExport(response, pages, { name: 'audit', format, columns: AUDIT_COLUMNS }, this.log);
  }
}
