import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { inputTokensOpenApi, openAiResponsesClient, responsesOpenApi } from '@app/dialects';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { GenerationService } from '../domain/generation.service.js';
import { InputTokensService } from '../domain/input-tokens.service.js';
import { readBody } from './body.reader.js';
import { Reply } from './reply.decorator.js';

@Access('project')
@Controller('v1/responses')
export class ResponsesController {
  constructor(
    private readonly generation: GenerationService,
    private readonly tokens: InputTokensService,
  ) {}

  /** Answers a conversation in OpenAI's Responses format, whole or streamed, from any vendor. */
  @Post()
  @HttpCode(200)
  @ApiBody(responsesOpenApi.body)
  @ApiResponse(responsesOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    return this.generation.run({
      call,
      dialect: openAiResponsesClient,
      endpoint: '/v1/responses',
      body: readBody(request, call.bodyLimitBytes),
      reply,
    });
  }

  /** Counts the tokens that a model would read, without asking it. */
  @Post('input_tokens')
  @HttpCode(200)
  @ApiBody(inputTokensOpenApi.body)
  @ApiResponse(inputTokensOpenApi.response)
  count(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    return this.tokens.count({ call, body: readBody(request, call.bodyLimitBytes), reply });
  }
}
