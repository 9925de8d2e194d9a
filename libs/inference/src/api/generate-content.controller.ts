import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiParam, ApiQuery, ApiResponse } from '@nestjs/swagger';
import { contentCount, geminiClient, generateContentOpenApi } from '@app/dialects';
import { Access, type ProjectRequest, Reply } from '@app/shared';
import { GenerationService } from '../domain/generation.service.js';
import { JsonArrayFraming } from '../domain/stream-framing.js';
import { countedContent } from '../domain/counted-content.js';
import { TokenCountService } from '../domain/token-count.service.js';
import { inputOf } from './generation-input.js';
import { nameOf } from './model-name.js';
import { TokenCount } from './token-count.dto.js';

const ENDPOINT = '/v1beta/models/{model}';

/** Google's SDKs of today call v1, older ones and Gemini CLI v1beta, ephemeral tokens v1alpha. */
@Access('project')
@Controller(['v1/models', 'v1beta/models', 'v1alpha/models'])
export class GenerateContentController {
  constructor(
    private readonly generation: GenerationService,
    private readonly tokens: TokenCountService,
  ) {}

  /** Answers a conversation in Google's Gemini format, from any vendor: the model is `vendor/model`, or a bare name. */
  @Post('*model\\:generateContent')
  @HttpCode(200)
  @ApiParam(generateContentOpenApi.model)
  @ApiBody(generateContentOpenApi.body)
  @ApiResponse(generateContentOpenApi.response)
  generate(
    @Req() request: ProjectRequest,
    @Reply() reply: ServerResponse,
    @Param('model') model: string | string[],
  ): Promise<void> {
    return this.run(request, reply, { model: nameOf(model), stream: false });
  }

  /** Streams such an answer, as server-sent events with `alt=sse`, else as one JSON array that grows. */
  @Post('*model\\:streamGenerateContent')
  @HttpCode(200)
  @ApiParam(generateContentOpenApi.model)
  @ApiQuery(generateContentOpenApi.alt)
  @ApiBody(generateContentOpenApi.body)
  @ApiResponse(generateContentOpenApi.stream)
  stream(
    @Req() request: ProjectRequest,
    @Reply() reply: ServerResponse,
    @Param('model') model: string | string[],
  ): Promise<void> {
    return this.run(request, reply, { model: nameOf(model), stream: true });
  }

  /** Counts the tokens of a prompt: exactly for Google's models, by estimate for others, as `x-llmhub-warnings` says. */
  @Post('*model\\:countTokens')
  @HttpCode(200)
  @ApiParam(generateContentOpenApi.model)
  @ApiBody(generateContentOpenApi.countBody)
  @ApiOkResponse({ type: TokenCount })
  count(
    @Req() request: ProjectRequest,
    @Reply() reply: ServerResponse,
    @Param('model') model: string | string[],
  ): Promise<void> {
    const input = inputOf(request, reply, { dialect: geminiClient, endpoint: `${ENDPOINT}:countTokens` });
    return this.tokens.run({
      ...input,
      body: input.body.then(countedContent),
      asked: { model: nameOf(model), stream: false },
      told: contentCount,
    });
  }

  private run(
    request: ProjectRequest,
    reply: ServerResponse,
    asked: { readonly model: string; readonly stream: boolean },
  ): Promise<void> {
    const isEvents = new URL(request.url ?? '', 'http://gateway').searchParams.get('alt') === 'sse';
    const endpoint = `${ENDPOINT}:${asked.stream ? 'streamGenerateContent' : 'generateContent'}`;
    return this.generation.run({
      ...inputOf(request, reply, { dialect: geminiClient, endpoint }),
      asked,
      ...(asked.stream && !isEvents && { framing: new JsonArrayFraming() }),
    });
  }
}
