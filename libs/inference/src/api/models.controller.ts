import { Controller, Get, Param, Query, Req, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { anthropicModel, anthropicModelPage } from '../domain/anthropic-models.js';
import { geminiModel, geminiModelPage } from '../domain/gemini-models.js';
import type { Query as PageQuery } from '../domain/model-page.js';
import { ModelsService, type Warned } from '../domain/models.service.js';
import { OfferedModel } from '../domain/offered-model.entity.js';
import { apiOf, type CallerApi } from './caller-api.js';
import { ModelListView } from './models.dto.js';
import { nameOf } from './model-name.js';
import { RequestIdInterceptor } from './request-id.interceptor.js';
import { WarningsInterceptor } from './warnings.interceptor.js';

interface ModelView {
  page(models: readonly OfferedModel[], query: PageQuery): object;
  one(model: OfferedModel): object;
}

const VIEWS: Readonly<Record<CallerApi, ModelView>> = {
  openai: { page: data => ({ object: 'list', data }), one: model => model },
  anthropic: { page: anthropicModelPage, one: anthropicModel },
  gemini: { page: geminiModelPage, one: geminiModel },
};

@Access('project')
@Controller(['v1/models', 'v1beta/models', 'v1alpha/models'])
@UseInterceptors(RequestIdInterceptor)
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /** Lists the models that the project may call, in the shape of OpenAI, Anthropic or Google, as the headers say. */
  @Get()
  @UseInterceptors(WarningsInterceptor)
  @ApiOkResponse({ type: ModelListView })
  async list(@Req() request: ProjectRequest, @Query() query: PageQuery): Promise<Warned<object>> {
    const { body, warnings } = await this.models.list(callOf(request));
    return { body: VIEWS[apiOf(request)].page(body.data, query), warnings };
  }

  /** Shows one model, by `vendor/model` or by a bare name that only one vendor has; in the same three shapes. */
  @Get('*id')
  @ApiParam({ name: 'id', type: String, example: 'openai/gpt-5-mini' })
  @ApiOkResponse({ type: OfferedModel })
  async get(@Req() request: ProjectRequest, @Param('id') id: string | string[]): Promise<object> {
    const model = await this.models.get(callOf(request), nameOf(id));
    return VIEWS[apiOf(request)].one(model);
  }
}
