import { Controller, Get, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { PastGenerations } from '../domain/past-generations.js';
import { GenerationQuery, PastGenerationView } from './past-generations.dto.js';
import { RequestIdInterceptor } from './request-id.interceptor.js';

@ApiTags('Usage')
@Access('project')
@Controller('v1/generation')
@UseInterceptors(RequestIdInterceptor)
export class PastGenerationsController {
  constructor(private readonly generations: PastGenerations) {}

  /** Tells what one call of the project used and cost, and how its vendor was chosen, as OpenRouter does; one of its own calls to a limited key. */
  @Get()
  async get(@Req() request: ProjectRequest, @Query() { id }: GenerationQuery): Promise<PastGenerationView> {
    return { data: await this.generations.get(callOf(request), id) };
  }
}
