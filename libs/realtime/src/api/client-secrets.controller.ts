import { Controller, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { readBody } from '@app/inference';
import { Access, callOf, type ProjectRequest } from '@app/shared';
import { ClientSecretsService, type IssuedClientSecret } from '../domain/client-secrets.service.js';
import { ClientSecretForm, ClientSecretView } from './client-secrets.dto.js';

@Access('project')
@ApiTags('Audio')
@Controller('v1/realtime/client_secrets')
export class ClientSecretsController {
  constructor(private readonly secrets: ClientSecretsService) {}

  /** Makes an ephemeral key, which opens realtime sessions and nothing else, for browsers. */
  @Post()
  @HttpCode(200)
  @ApiBody({ type: ClientSecretForm, required: false })
  @ApiOkResponse({ type: ClientSecretView })
  async create(@Req() request: ProjectRequest): Promise<IssuedClientSecret> {
    const call = callOf(request);
    return this.secrets.issue(call, await readBody(request, call.bodyLimitBytes));
  }
}
