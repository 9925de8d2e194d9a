import { Controller, Get, Param, Req, UseInterceptors } from '@nestjs/common';
import { ApiOkResponse, ApiParam } from '@nestjs/swagger';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { ModelsService, type OfferedModelList, type Warned } from '../domain/models.service.js';
import { OfferedModel } from '../domain/offered-model.entity.js';
import { ModelListView } from './models.dto.js';
import { WarningsInterceptor } from './warnings.interceptor.js';

@Access('project')
@Controller('v1/models')
export class ModelsController {
  constructor(private readonly models: ModelsService) {}

  /** Lists the models that the project may call, as their vendors list them; `x-llmhub-warnings` names vendors left out. */
  @Get()
  @UseInterceptors(WarningsInterceptor)
  @ApiOkResponse({ type: ModelListView })
  list(@Req() request: ProjectRequest): Promise<Warned<OfferedModelList>> {
    return this.models.list(callOf(request));
  }

  /** Shows one model, by `vendor/model` or by a bare name that only one vendor has. */
  @Get('*id')
  @ApiParam({ name: 'id', type: String, example: 'openai/gpt-5-mini' })
  get(@Req() request: ProjectRequest, @Param('id') id: string | string[]): Promise<OfferedModel> {
    return this.models.get(callOf(request), [id].flat().join('/'));
  }
}
