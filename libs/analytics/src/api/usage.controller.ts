import { Controller, Get, Param, Query } from '@nestjs/common';
import { Access, momentOf } from '@app/shared';
import type { UsageCorrection } from '../domain/repricing/usage-correction.entity.js';
import type { UsageRecord } from '../domain/usage-record.entity.js';
import { UsageService } from '../domain/usage.service.js';
import { type CorrectionView, UsageDetails, UsagePage, UsageQuery, type UsageView } from './usage.dto.js';

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

  /** Gives the usage of one call, how its vendor was chosen, and what corrects its cost, by its `x-request-id` or by the vendor's id of the answer. */
  @Get(':id')
  async get(@Param('id') id: string): Promise<UsageDetails> {
    const { record, decision, corrections } = await this.usage.get(id);
    return { ...toView(record), decision, corrections: corrections.map(toCorrection) };
  }
}

function toView(record: UsageRecord): UsageView {
  return { ...record, receivedAt: new Date(record.receivedAt).toISOString() };
}

function toCorrection({ receivedAt: _received, createdAt, ...correction }: UsageCorrection): CorrectionView {
  return { ...correction, createdAt: new Date(createdAt).toISOString() };
}
