import { InvalidRequestError } from '@app/shared';
import type { UsageCursor } from './usage.repository.js';

/** Opaque to callers, so that what it holds may change. */
export function writeCursor({ receivedAt, id }: UsageCursor): string {
  return Buffer.from(`${receivedAt}:${id}`).toString('base64url');
}

/** @throws InvalidRequestError (400) when it was not written by `writeCursor` */
export function readCursor(text: string): UsageCursor {
  const [, receivedAt, id] = /^(\d{1,15}):(.{1,64})$/.exec(Buffer.from(text, 'base64url').toString()) ?? [];
  if (receivedAt === undefined || id === undefined) {
    throw new InvalidRequestError('`after` must be the `next` of an earlier page.', 'after');
  }
  return { receivedAt: Number(receivedAt), id };
}
