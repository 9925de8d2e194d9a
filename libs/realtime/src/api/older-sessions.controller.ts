import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { readBody } from '@app/inference';
import { Access, callOf, type LiveConfig, type ProjectRequest } from '@app/shared';
import { ClientSecretsService, type OlderIssuedSession } from '../domain/client-secrets.service.js';
import { OlderSessionForm, OlderSessionView, OlderTranscriptionForm } from './older-sessions.dto.js';

/** What OpenAI's beta had in place of `client_secrets`. */
@Access('project')
@ApiTags('Audio')
@Controller('v1/realtime')
export class OlderSessionsController {
  constructor(private readonly secrets: ClientSecretsService) {}

  /** Makes an ephemeral key as OpenAI's beta did; today that is `POST /v1/realtime/client_secrets`. */
  @Post('sessions')
  @HttpCode(200)
  @ApiBody({ type: OlderSessionForm, required: false })
  @ApiOkResponse({ type: OlderSessionView })
  session(@Req() request: ProjectRequest): Promise<OlderIssuedSession> {
    return this.issue(request, 'realtime');
  }

  /** Makes an ephemeral key for sessions that only write down what is said, as OpenAI's beta did. */
  @Post('transcription_sessions')
  @HttpCode(200)
  @ApiBody({ type: OlderTranscriptionForm, required: false })
  @ApiOkResponse({ type: OlderSessionView })
  transcription(@Req() request: ProjectRequest): Promise<OlderIssuedSession> {
    return this.issue(request, 'transcription');
  }

  private async issue(request: ProjectRequest, type: LiveConfig['type']): Promise<OlderIssuedSession> {
    const call = callOf(request);
    return this.secrets.issueOlder(call, type, await readBody(request, call.bodyLimitBytes));
  }
}
