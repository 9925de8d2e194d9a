import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { INestApplication } from '@nestjs/common';
import { ErrorFilter } from '@app/inference';
import { type Config, GatewayError } from '@app/shared';
import { before } from './before.js';

/** Where bodies are small. Prompts and recordings may be large, and their lines slow. */
const SHORT = /^\/(?:admin|dashboard|health|swagger-ui)\b/i;

/** 408 */
export class SlowRequestError extends GatewayError {
  constructor(afterMs: number) {
    super(`The body did not come within ${afterMs} ms. Send it faster.`, {
      status: 408,
      type: 'invalid_request_error',
      code: 'request_too_slow',
    });
  }
}

/** Gives the body of a small request as long as a head may take, and then closes its connection. */
export function hurryShortRequests(app: INestApplication, { headersTimeoutMs }: Config): void {
  const filter = app.get(ErrorFilter);
  before(app.getHttpServer() as Server, (request, response) => {
    if (announcesBody(request) && SHORT.test(request.url ?? '')) {
      const timer = setTimeout(() => {
        if (!request.complete) {
          refuse(request, response);
        }
      }, headersTimeoutMs);
      request.once('close', () => clearTimeout(timer));
    }
    return false;
  });

  function refuse(request: IncomingMessage, response: ServerResponse): void {
    if (response.headersSent) {
      request.destroy();
    } else {
      filter.render(new SlowRequestError(headersTimeoutMs), request, response);
    }
  }
}

function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
}
