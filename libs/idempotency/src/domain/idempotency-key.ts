import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { IDEMPOTENCY_KEY, InvalidIdempotencyKeyError } from './idempotency.errors.js';

const MOST_CHARACTERS = 255;
const PRINTABLE = /^[\x20-\x7e]+$/;

/** The key that a request has. @throws InvalidIdempotencyKeyError (400) */
export function idempotencyKeyIn(headers: IncomingHttpHeaders): string {
  const key = [headers[IDEMPOTENCY_KEY]].flat().join(',');
  if (key.length > MOST_CHARACTERS || !PRINTABLE.test(key)) {
    throw new InvalidIdempotencyKeyError(MOST_CHARACTERS);
  }
  return key;
}

/** What a key is found by: it is one project's, and callers may have put anything into it. */
export function recordIdOf(projectId: string, key: string): string {
  return createHash('sha256').update(`${projectId}\0${key}`).digest('hex');
}
