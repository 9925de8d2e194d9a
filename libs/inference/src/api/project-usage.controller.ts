import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import {
  CsvInterceptor,
  LatencyQuery,
  type LatencyView,
  type SummaryOrder,
  summaryOrder,
  toLatencies,
  toSummaryView,
  UsageSummaries,
  UsageSummaryQuery,
  type UsageSummaryView,
} from '@app/analytics';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { RequestIdInterceptor } from './request-id.interceptor.js';

@ApiTags('Usage')
@Access('project')
@Controller('v1/usage')
@ApiProduces('application/json', 'text/csv')
@UseInterceptors(RequestIdInterceptor, CsvInterceptor)
export class ProjectUsageController {
  constructor(private readonly summaries: UsageSummaries) {}

  /** Adds up what the project's calls consumed and cost, as of a moment ago; a key that is limited to some models or vendors sees its own only. */
  @Get()
  async summary(
    @Req() request: ProjectRequest,
    @Query() query: UsageSummaryQuery,
  ): Promise<UsageSummaryView> {
    return toSummaryView(await this.summaries.of(ownOrder(request, query)));
  }

  /** Tells how long the project's calls took, and until their first token, in percentiles; likewise of its own calls to a limited key. */
  @Get('latency')
  async latency(@Req() request: ProjectRequest, @Query() query: LatencyQuery): Promise<LatencyView> {
    return toLatencies(await this.summaries.latencies(ownOrder(request, query)));
  }
}

function ownOrder(request: ProjectRequest, query: LatencyQuery | UsageSummaryQuery): SummaryOrder {
  const { projectId, keyId, permission } = callOf(request);
  return { ...summaryOrder(query), projectId, ...(permission?.limitsKey && { keyId }) };
}
