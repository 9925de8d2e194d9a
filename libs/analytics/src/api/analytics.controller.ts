import { Controller, Get, Query, UseInterceptors } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { UsageSummaries } from '../domain/rollups/usage-summaries.service.js';
import type { Consumption, Savings, Spend } from './analytics.dto.js';
import { CsvInterceptor } from './csv.interceptor.js';
import type { AdminLatencies } from './usage-summary.dto.js';
import { AdminLatencyQuery, AdminSummaryQuery } from './usage-summary.query.dto.js';
import { summaryOrder, toConsumption, toLatencies, toSavings, toSpend } from './usage-summary.view.js';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/analytics')
@ApiProduces('application/json', 'text/csv')
@UseInterceptors(CsvInterceptor)
export class AnalyticsController {
  constructor(private readonly summaries: UsageSummaries) {}

  /** Tells what calls cost by now, by time and by what you want told apart. */
  @Get('spend')
  async spend(@Query() query: AdminSummaryQuery): Promise<Spend> {
    return toSpend(await this.summaries.of(summaryOrder(query)));
  }

  /** Counts calls, those that failed, and tokens by kind, by time and by what you want told apart. */
  @Get('usage')
  async usage(@Query() query: AdminSummaryQuery): Promise<Consumption> {
    return toConsumption(await this.summaries.of(summaryOrder(query)));
  }

  /** Tells what cache and prompt passes saved, by time and by what you want told apart. */
  @Get('savings')
  async savings(@Query() query: AdminSummaryQuery): Promise<Savings> {
    return toSavings(await this.summaries.of(summaryOrder(query)));
  }

  /** Tells how long calls took, and until their first token: percentiles by time and by what you want told apart. */
  @Get('latency')
  async latency(@Query() query: AdminLatencyQuery): Promise<AdminLatencies> {
    return toLatencies(await this.summaries.latencies(summaryOrder(query)));
  }
}
