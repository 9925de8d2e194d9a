import type { ServerResponse } from 'node:http';
import { Controller, HttpCode, Post, Req, UseInterceptors } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { meterOf, UsageInterceptor } from '@app/analytics';
import { readBody } from '@app/inference';
import { Access, callOf, type ProjectRequest, Reply } from '@app/shared';
import { SpeechService } from '../domain/speech.service.js';
import { SpeechForm } from './speech.dto.js';

const SOUND = { schema: { type: 'string', format: 'binary' } };

@Access('project')
@ApiTags('Audio')
@Controller('v1/audio')
@UseInterceptors(UsageInterceptor)
export class SpeechController {
  constructor(private readonly speech: SpeechService) {}

  /** Speaks a text. The sound is sent as it is made; an answer that breaks off in the middle never ends in order. */
  @Post('speech')
  @HttpCode(200)
  @ApiBody({ type: SpeechForm })
  @ApiOkResponse({
    content: { 'audio/*': SOUND, 'text/event-stream': { schema: { type: 'string' } } },
  })
  async speak(@Req() request: ProjectRequest, @Reply() reply: ServerResponse): Promise<void> {
    const call = callOf(request);
    const body = await readBody(request, call.bodyLimitBytes);
    await this.speech.run({ call, meter: meterOf(request), body, reply });
  }
}
