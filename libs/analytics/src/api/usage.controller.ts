import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access, momentOf } from '@app/shared';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { UsageService } from '../domain/usage.service.js';
import { UsagePage, UsageQuery, UsageView } from './usage.dto.js';

@Access('admin')
@Controller('admin/usage')
export class UsageController {
  constructor(private readonly usage: UsageService) {}

  /** Lists what calls consumed and cost, latest first. */
  @Get()
  async list(@Query() { after, limit, from, to, ...filter }: UsageQuery): Promise<UsagePage> {
    const { data, next } = await this.usage.page(
      { ...filter, from: momentOf(from), to: momentOf(to) },
      after,
      limit,
    );
    return { data: data.map(toView), next };
  }

  /** Gives the usage of one call, by its `x-request-id` or by the vendor's id of the answer. */
  @Get(':id')
  async get(@Param('id') id: string): Promise<UsageView> {
    return toView(await this.usage.get(id));
  }
}

function toView(record: UsageRecord): UsageView {
  return { ...record, receivedAt: new Date(record.receivedAt).toISOString() };
}
