import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { RouteExplainer } from '../domain/explaining/route-explainer.js';
import { RoutingExplanation } from '../domain/explaining/routing-explanation.entity.js';
import { ExplainRouting } from './explain.dto.js';

@ApiTags('RoutingPolicies')
@Access('admin')
@Controller('admin/routing/explain')
export class ExplainController {
  constructor(private readonly explainer: RouteExplainer) {}

  /** Says where a call would go now, and why, without making it: with the stored policies, or with one that is only a draft. */
  @Post()
  @HttpCode(200)
  explain(@Body() question: ExplainRouting): Promise<RoutingExplanation> {
    return this.explainer.explain(question);
  }
}
