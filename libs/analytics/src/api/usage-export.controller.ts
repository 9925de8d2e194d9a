import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { ApiOkResponse, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Access, LOGGER, type Logger, momentOf, Reply } from '@app/shared';
import { UsageService } from '../domain/usage.service.js';
import { EXPORT_TYPE, exported } from './usage-export.js';
import { UsageExportQuery } from './usage.dto.js';

/** Before `UsageController`, which takes any other name for the id of a call. */
@ApiTags('Usage')
@Access('admin')
@Controller('admin/usage')
export class UsageExportController {
  constructor(
    private readonly usage: UsageService,
    @Inject(LOGGER) private readonly log: Logger,
  ) {}

  /** Streams all usage records that fit, latest first, as fast as they are read; an answer that breaks off is not whole. */
  @Get('export')
  @ApiProduces('application/x-ndjson', 'text/csv')
  @ApiOkResponse({ schema: { type: 'string' } })
  async export(
    @Reply() response: ServerResponse,
    @Query() { format, from, to, ...filter }: UsageExportQuery,
  ): Promise<void> {
    const pages = this.usage.pages({ ...filter, from: momentOf(from), to: momentOf(to) });
    const first = await pages.next(); // a store that does not answer is an error with a status yet
    response.writeHead(200, {
      'content-type': EXPORT_TYPE[format],
      'content-disposition': `attachment; filename="usage.${format}"`,
      'cache-control': 'no-store',
    });
    if (response.req.method === 'HEAD') {
      response.end();
      return;
    }
    try {
      await pipeline(exported(startingWith(first.value ?? [], pages), format), response);
    } catch (error) {
      this.log.warn({ err: error }, 'An export of usage records broke off.'); // its reader has seen that: the answer has no end
    }
  }
}

async function* startingWith<Value>(first: Value, rest: AsyncIterable<Value>): AsyncGenerator<Value> {
  yield first;
  yield* rest;
}
