import { Controller, Get, Query } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import { Access } from '@app/shared';
import { NoUpgradeError } from '../domain/realtime.errors.js';
import { RealtimeQuery } from './realtime.dto.js';

/** What is here without an upgrade; sessions themselves are no requests of HTTP. */
@Access('project')
@ApiTags('Speech')
@Controller('v1/realtime')
export class RealtimeController {
  /** Opens a session by WebSocket, in which caller and model both say when they like, in the events of OpenAI's Realtime API. */
  @Get()
  @ApiResponse({
    status: 101,
    description: 'The session is open; its id is the `x-request-id` of this answer.',
  })
  open(@Query() _query: RealtimeQuery): never {
    throw new NoUpgradeError();
  }
}
