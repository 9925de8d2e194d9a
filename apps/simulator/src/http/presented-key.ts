import type { IncomingHttpHeaders } from 'node:http';
import type { Exchange } from './exchange.js';

/** By how much keys are told apart. */
const SHOWN = 4;

/** The last characters of the key that a caller sent. */
export function endOfKey(exchange: Exchange): string {
  return keyOf(exchange).slice(-SHOWN);
}

/** The key that a caller sent, whichever vendor's way; empty without one. */
export function keyOf({ url, received: { headers } }: Exchange): string {
  const bearer = headers.authorization?.replace(/^(Bearer|Token) /, '');
  const key =
    bearer ??
    headers['x-api-key'] ??
    headers['api-key'] ??
    headers['x-goog-api-key'] ??
    headers['xi-api-key'];
  return (
    key ??
    protocolKey(headers) ??
    url.searchParams.get('key') ??
    url.searchParams.get('access_token') ??
    ''
  ).toString();
}

/** Browsers cannot set headers of a WebSocket: OpenAI takes the key as a subprotocol from them. */
export function protocolKey(headers: IncomingHttpHeaders): string | undefined {
  return headers['sec-websocket-protocol']?.match(/(?:^|,\s*)openai-insecure-api-key\.([^,\s]+)/)?.[1];
}
