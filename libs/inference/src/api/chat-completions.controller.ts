import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiResponse } from '@nestjs/swagger';
import { chatCompletionOpenApi, openAiChatClient } from '@app/dialects';
import { Access, type ProjectRequest, Reply } from '@app/shared';
import { GenerationService } from '../domain/generation.service.js';
import { inputOf } from './generation-input.js';

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
    return this.generation.run(
      inputOf(request, reply, { dialect: openAiChatClient, endpoint: '/v1/chat/completions' }),
    );
  }
}
