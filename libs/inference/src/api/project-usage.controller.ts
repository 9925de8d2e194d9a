import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import {
  summaryOrder,
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
@UseInterceptors(RequestIdInterceptor)
export class ProjectUsageController {
  constructor(private readonly summaries: UsageSummaries) {}

  /** Adds up what the project's calls consumed and cost, as of a moment ago; a key that is limited to some models or vendors sees its own only. */
  @Get()
  async summary(
    @Req() request: ProjectRequest,
    @Query() query: UsageSummaryQuery,
  ): Promise<UsageSummaryView> {
    const { projectId, keyId, permission } = callOf(request);
    const own = permission?.limitsKey ? { keyId } : {};
    return toSummaryView(await this.summaries.of({ ...summaryOrder(query), projectId, ...own }));
  }
}
