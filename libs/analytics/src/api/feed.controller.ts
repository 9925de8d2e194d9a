import type { IncomingMessage, ServerResponse } from 'node:http';
import { Controller, Get, Query, Req } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, Reply } from '@app/shared';
import { FeedSecond } from '../domain/feed/feed-second.entity.js';
import { FeedDesk } from './feed.desk.js';
import { FeedQuery } from './feed.dto.js';
import { UsageView } from './usage.dto.js';

const EVENTS =
  '`call`: the usage record of a call (`UsageView`), some 50 a second of each gateway at most; its `id` is where to go on from. ' +
  '`second`: what the calls of the last second add up to (`FeedSecond`), with those that were not shown. ' +
  '`missed`: so many `calls` were not sent to who reads slowly; null: nobody knows how many, to who was away for too long. ' +
  '`end`: come back; after ten minutes, or since the gateway stops.';

@ApiTags('Usage')
@Access('admin')
@Controller('admin/analytics')
export class FeedController {
  constructor(private readonly desk: FeedDesk) {}

  /** Shows calls as they end, at all gateways that share a Redis: server-sent events. */
  @Get('stream')
  @ApiHeader({
    name: 'Last-Event-ID',
    required: false,
    description: 'The last `call` that was seen; browsers say it by themselves when they come back.',
    schema: { type: 'string', example: '01936f5a-7c1e-7a1b-8f00-0123456789ab' },
  })
  @ApiExtraModels(FeedSecond, UsageView)
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ description: EVENTS, schema: { type: 'string' } })
  async stream(
    @Req() request: IncomingMessage,
    @Reply() response: ServerResponse,
    @Query() { projectId }: FeedQuery,
  ): Promise<void> {
    const after = request.headers['last-event-id'];
    await this.desk.show(response, { projectId: projectId ?? null, after: after ? String(after) : null });
  }
}
