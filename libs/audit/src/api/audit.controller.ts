import { Controller, Get, Query } from '@nestjs/common';
import { Access, momentOf } from '@app/shared';
import { AuditTrail } from '../domain/audit-trail.service.js';
import { AuditPage, AuditQuery } from './audit.dto.js';

@Access('admin')
@Controller('admin/audit')
export class AuditController {
  constructor(private readonly trail: AuditTrail) {}

  /** Lists who changed what in the management API, latest first. */
  @Get()
  list(@Query() { from, to, actor, target, action, ...page }: AuditQuery): Promise<AuditPage> {
    return this.trail.list({ actor, target, action, from: momentOf(from), to: momentOf(to) }, page);
  }
}
