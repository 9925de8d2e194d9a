import type { GatewayError } from '@app/shared';
import { toJson } from '../domain/wire.js';

/** The last event of a stream of which nothing is known but that it failed: the SDKs throw, and no response completes. */
export function writeStreamError({ message, code, param }: GatewayError): string {
  const error = { type: 'error', code: code ?? 'server_error', message, param };
  return `event: error\ndata: ${toJson(error)}\n\n`;
}
