import { GatewayError } from './gateway.error.js';

/** 412: the record was changed after the caller read it. */
export class StaleVersionError extends GatewayError {
  constructor() {
    super('This was changed meanwhile. Read it again, and send its new ETag as `If-Match`.', {
      status: 412,
      type: 'invalid_request_error',
      code: 'stale_version',
    });
  }
}
