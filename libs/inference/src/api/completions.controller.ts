import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { completionsOpenApi, openAiCompletionsClient } from '@app/dialects';
import { Access, type ProjectRequest, Reply } from '@app/shared';
import { GenerationService } from '../domain/generation.service.js';
import { inputOf } from './generation-input.js';

@Access('project')
@Controller('v1/completions')
export class CompletionsController {
  constructor(private readonly generation: GenerationService) {}

  /** Goes on with a text, in OpenAI's legacy format; models without it are asked by chat. */
  @Post()
  @HttpCode(200)
  @ApiBody(completionsOpenApi.body)
  @ApiResponse(completionsOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.generation.run(
      inputOf(request, reply, { dialect: openAiCompletionsClient, endpoint: '/v1/completions' }),
    );
  }
}
