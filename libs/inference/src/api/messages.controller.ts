import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { anthropicMessagesClient, messagesCount, messagesOpenApi, tokenCountOpenApi } from '@app/dialects';
import { Access, type ProjectRequest, Reply } from '@app/shared';
import type { GenerationInput } from '../domain/generation-input.js';
import { GenerationService } from '../domain/generation.service.js';
import { TokenCountService } from '../domain/token-count.service.js';
import { inputOf } from './generation-input.js';

@Access('project')
@Controller(['v1/messages', 'anthropic/v1/messages'])
export class MessagesController {
  constructor(
    private readonly generation: GenerationService,
    private readonly tokenCount: TokenCountService,
  ) {}

  /** Answers a conversation in Anthropic's Messages format, whole or streamed, from any vendor. */
  @Post()
  @HttpCode(200)
  @ApiBody(messagesOpenApi.body)
  @ApiResponse(messagesOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    return this.generation.run(messageOf(request, reply, '/v1/messages'));
  }

  /** Counts the tokens of a conversation; for vendors that are not Anthropic by estimate, which the answer then says. */
  @Post('count_tokens')
  @HttpCode(200)
  @ApiBody(tokenCountOpenApi.body)
  @ApiResponse(tokenCountOpenApi.response)
  count(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const input = messageOf(request, reply, '/v1/messages/count_tokens');
    return this.tokenCount.run({ ...input, told: messagesCount });
  }
}

function messageOf(request: ProjectRequest, reply: ServerResponse, endpoint: string): GenerationInput {
  return {
    ...inputOf(request, reply, { dialect: anthropicMessagesClient, endpoint }),
    forward: protocolHeaders(request.headers),
  };
}

/** Which version of the API, and which of its novelties, the caller speaks. */
function protocolHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const forwarded: Record<string, string> = {};
  for (const name of ['anthropic-version', 'anthropic-beta']) {
    const value = headers[name];
    if (value !== undefined && value !== '') {
      forwarded[name] = [value].flat().join(',');
    }
  }
  return forwarded;
}
