import type { IncomingMessage } from 'node:http';
import { GatewayError } from '../errors/gateway.error.js';

/** A content type of JSON. */
export const JSON_TYPE = /^application\/(?:[\w.-]+\+)?json\s*(?:;|$)/i;
const CHARSET = /;\s*charset\s*=\s*"?([^\s;"]*)/i;

/** 415 */
export class NotJsonError extends GatewayError {
  constructor() {
    super('The body must be JSON in UTF-8. Send it with `Content-Type: application/json`.', {
      status: 415,
      type: 'invalid_request_error',
      code: 'unsupported_media_type',
    });
  }
}

/**
 * A body that says it is something else is not read as JSON: what a firewall in front, or the browser of somebody who
 * was lured to a page, takes for a text or a form must not work as a call. One that says nothing is JSON.
 *
 * @throws NotJsonError (415)
 */
export function requireJson({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const type = headers['content-type'];
  if (type === undefined || type === 'application/json') {
    return; // nearly all
  }
  const charset = CHARSET.exec(type)?.[1];
  const isUtf8 = charset === undefined || /^utf-?8$/i.test(charset);
  if (!JSON_TYPE.test(type) || !isUtf8) {
    throw new NotJsonError();
  }
}
