import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { chatCompletionOpenApi, openAiChatClient } from '@app/dialects';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { GenerationService } from '../domain/generation.service.js';
import { readBody } from './body.reader.js';
import { Reply } from './reply.decorator.js';

@Access('project')
@Controller('v1/chat/completions')
export class ChatCompletionsController {
  constructor(private readonly generation: GenerationService) {}

  /** Answers a conversation in OpenAI's chat format, whole or streamed, from any vendor. */
  @Post()
  @HttpCode(200)
  @ApiBody(chatCompletionOpenApi.body)
  @ApiResponse(chatCompletionOpenApi.response)
  create(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    return this.generation.run({
      call,
      dialect: openAiChatClient,
      endpoint: '/v1/chat/completions',
      body: readBody(request, call.bodyLimitBytes),
      reply,
    });
  }
}
