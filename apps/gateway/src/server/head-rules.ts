import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { ErrorFilter } from '@app/inference';
import { type Config, GatewayError } from '@app/shared';
import type { INestApplication } from '@nestjs/common';
import { before } from './before.js';

/** Node refuses by itself what does not end in chunks. */
const MORE_THAN_CHUNKED = /[\s,]chunked\s*$/i;

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

/** 400: servers disagree about where such a request goes, or where it ends. */
export class AmbiguousHeadError extends GatewayError {
  constructor(message: string) {
    super(message, {
      status: 400,
      type: 'invalid_request_error',
      code: 'ambiguous_request',
      headers: { connection: 'close' },
    });
  }
}

/**
 * Refuses what has too many headers: Node would throw away the last ones, which are those that a proxy adds, so that a
 * stranger could hide its address. Refuses also what Node takes and a proxy in front may understand in another way;
 * nothing else is read of such a connection.
 */
export function limitHeads(app: INestApplication, { headerLimitCount }: Config): void {
  const filter = app.get(ErrorFilter);
  const refused = new WeakSet<Socket>();
  before(app.getHttpServer() as Server, (request, response) => {
    if (refused.has(request.socket)) {
      return true;
    }
    const problem = problemOf(request, headerLimitCount);
    if (problem instanceof AmbiguousHeadError) {
      refused.add(request.socket);
    }
    if (problem) {
      filter.render(problem, request, response);
    }
    return problem !== null;
  });
}

function problemOf({ rawHeaders, headers }: IncomingMessage, limit: number): GatewayError | null {
  if (rawHeaders.length > 2 * limit) {
    return new TooManyHeadersError(limit);
  }
  if (MORE_THAN_CHUNKED.test(headers['transfer-encoding'] ?? '')) {
    return new AmbiguousHeadError(
      "The only transfer coding is 'chunked'. Pack the body with Content-Encoding.",
    );
  }
  return hostsIn(rawHeaders) > 1 ? new AmbiguousHeadError('There are two Host headers. Send one.') : null;
}

/** Names stand at even places. `headers` shows the first host only. */
function hostsIn(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') {
      hosts += 1;
    }
  }
  return hosts;
}
