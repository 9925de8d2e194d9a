import { type Call, quotaHeaders } from '@app/shared';
import type { CallerReply } from '../caller-reply.js';

/** Sends what the gateway itself has to say. */
export function sendJson(
  { call, reply }: { readonly call: Call; readonly reply: CallerReply },
  body: object,
  headers: Readonly<Record<string, string>> = {},
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  reply.writeHead(200, {
    'x-request-id': call.id,
    'content-type': 'application/json; charset=utf-8',
    ...headers,
    ...(call.quota && quotaHeaders(call.quota)),
    'content-length': bytes.length,
  });
  reply.end(bytes);
}
