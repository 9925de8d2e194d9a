import type { Server } from 'node:http';
import { ErrorFilter } from '@app/inference';
import { type Config, GatewayError } from '@app/shared';
import type { INestApplication } from '@nestjs/common';
import { before } from './before.js';

/** 431 */
export class TooManyHeadersError extends GatewayError {
  constructor(limit: number) {
    super(`The request has more than ${limit} headers. Send fewer.`, {
      status: 431,
      type: 'invalid_request_error',
      code: 'too_many_headers',
    });
  }
}

/**
 * Refuses what has too many headers. Node would throw away the last ones, which are those that a proxy adds, so that a
 * stranger could hide its address.
 */
export function limitHeaders(app: INestApplication, { headerLimitCount }: Config): void {
  const filter = app.get(ErrorFilter);
  before(app.getHttpServer() as Server, (request, response) => {
    const isTooMuch = request.rawHeaders.length > 2 * headerLimitCount;
    if (isTooMuch) {
      filter.render(new TooManyHeadersError(headerLimitCount), request, response);
    }
    return isTooMuch;
  });
}
