import type { Exchange } from './exchange.js';

/** By how much keys are told apart. */
const SHOWN = 4;

/** The last characters of the key that a caller sent. */
export function endOfKey(exchange: Exchange): string {
  return keyOf(exchange).slice(-SHOWN);
}

/** The key that a caller sent, whichever vendor's way; empty without one. */
export function keyOf({ url, received: { headers } }: Exchange): string {
  const bearer = headers.authorization?.replace(/^Bearer /, '');
  const key = bearer ?? headers['x-api-key'] ?? headers['api-key'] ?? headers['x-goog-api-key'];
  return (key ?? url.searchParams.get('key') ?? '').toString();
}
