import { Body, Controller, Get, HttpCode, Param, Post, Query, UseInterceptors } from '@nestjs/common';
import { ApiConflictResponse, ApiProduces } from '@nestjs/swagger';
import { Access, type Author, By, momentOf } from '@app/shared';
import { Settling } from '../domain/corrections/settling.service.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { UsageSummaries } from '../domain/rollups/usage-summaries.service.js';
import { UsageService } from '../domain/usage.service.js';
import { CsvInterceptor } from './csv.interceptor.js';
import { type CorrectionView, Settlement, UsageDetails, UsagePage, UsageQuery } from './usage.dto.js';
import { toUsageView } from './usage.view.js';
import type { AdminUsageSummary } from './usage-summary.dto.js';
import { AdminSummaryQuery } from './usage-summary.query.dto.js';
import { summaryOrder, toSummaryView } from './usage-summary.view.js';

@Access('admin')
@Controller('admin/usage')
export class UsageController {
  constructor(
    private readonly usage: UsageService,
    private readonly settling: Settling,
    private readonly summaries: UsageSummaries,
  ) {}

  /** Lists what calls consumed and cost, latest first. */
  @Get()
  async list(@Query() { after, limit, from, to, ...filter }: UsageQuery): Promise<UsagePage> {
    const { data, next } = await this.usage.page(
      { ...filter, from: momentOf(from), to: momentOf(to) },
      after,
      limit,
    );
    return { data: data.map(toUsageView), next };
  }

  /** Adds up what calls consumed and cost, as of a moment ago, by time and by what you want told apart. */
  @Get('summary')
  @ApiProduces('application/json', 'text/csv')
  @UseInterceptors(CsvInterceptor)
  async summary(@Query() query: AdminSummaryQuery): Promise<AdminUsageSummary> {
    return toSummaryView(await this.summaries.of(summaryOrder(query)));
  }

  /** Gives the usage of one call, how its vendor was chosen, and what corrects its cost, by its `x-request-id` or by the vendor's id of the answer. */
  @Get(':id')
  async get(@Param('id') id: string): Promise<UsageDetails> {
    const { record, decision, corrections } = await this.usage.get(id);
    return { ...toUsageView(record), decision, corrections: corrections.map(toCorrection) };
  }

  /** Tells what a call cost that is `unsettled`, `estimated` or without a cost, by the vendor's bill: a correction beside its record, and of what budgets paid. */
  @ApiConflictResponse()
  @Post(':id/settle')
  @HttpCode(200)
  async settle(
    @By() by: Author,
    @Param('id') id: string,
    @Body() { costNanoUsd }: Settlement,
  ): Promise<UsageDetails> {
    await this.settling.settle(by, id, costNanoUsd);
    return this.get(id);
  }
}

function toCorrection({ receivedAt: _received, createdAt, ...correction }: UsageCorrection): CorrectionView {
  return { ...correction, createdAt: new Date(createdAt).toISOString() };
}
