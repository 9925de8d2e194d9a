import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { UsageSummaries } from '../domain/rollups/usage-summaries.service.js';
import { type AdminLatencies, AdminSummaryQuery } from './usage-summary.dto.js';
import { summaryOrder, toLatencies } from './usage-summary.view.js';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/analytics')
export class AnalyticsController {
  constructor(private readonly summaries: UsageSummaries) {}

  /** Tells how long calls took, and until their first token: percentiles by time and by what you want told apart. */
  @Get('latency')
  async latency(@Query() query: AdminSummaryQuery): Promise<AdminLatencies> {
    return toLatencies(await this.summaries.latencies(summaryOrder(query)));
  }
}
