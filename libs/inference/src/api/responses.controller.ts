import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import {
  compactionOpenApi,
  inputTokensOpenApi,
  openAiResponsesClient,
  responsesCount,
  responsesOpenApi,
} from '@app/dialects';
import { Access, type ProjectRequest, Reply } from '@app/shared';
import { CompactionService } from '../domain/compaction.service.js';
import { ResponseGeneration } from '../domain/responses/response-generation.service.js';
import { type Amend, TokenCountService } from '../domain/token-count.service.js';
import { inputOf } from './generation-input.js';

@Access('project')
@Controller('v1/responses')
export class ResponsesController {
  constructor(
    private readonly generation: ResponseGeneration,
    private readonly tokens: TokenCountService,
    private readonly compaction: CompactionService,
  ) {}

  /** Answers a conversation in OpenAI's Responses format, whole or streamed, from any vendor. */
  @Post()
  @HttpCode(200)
  @ApiBody(responsesOpenApi.body)
  @ApiResponse(responsesOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.generation.run(
      inputOf(request, reply, { dialect: openAiResponsesClient, endpoint: '/v1/responses' }),
    );
  }

  /** Makes a long conversation short, for a model of the same vendor to go on with; OpenAI alone does that. */
  @Post('compact')
  @HttpCode(200)
  @ApiBody(compactionOpenApi.body)
  @ApiResponse(compactionOpenApi.response)
  compact(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const endpoint = '/v1/responses/compact';
    return this.compaction.run(inputOf(request, reply, { dialect: openAiResponsesClient, endpoint }));
  }

  /** Counts the tokens that a model would read, without asking it. */
  @Post('input_tokens')
  @HttpCode(200)
  @ApiBody(inputTokensOpenApi.body)
  @ApiResponse(inputTokensOpenApi.response)
  count(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const endpoint = '/v1/responses/input_tokens';
    const input = inputOf(request, reply, { dialect: openAiResponsesClient, endpoint });
    const amend: Amend = routed => this.generation.bodyOf(routed, input.call);
    return this.tokens.run({ ...input, told: responsesCount, amend });
  }
}
