import { createHash } from 'node:crypto';
import type { WriteContext } from './write-context.js';

/** OpenAI refuses longer ids of tool calls. */
const MAX_LENGTH = 40;

/**
 * Tool call ids as this vendor takes them. The same id always becomes the same id, so that calls and results still
 * belong together; ids of this dialect's own callers are left alone where the vendor has no rule of its own.
 */
export function callIdFor(id: string, { target, own }: WriteContext): string {
  const { callIdLength } = target.quirks;
  if (callIdLength !== undefined) {
    return isCallIdOf(id, callIdLength) ? id : digest(id).slice(0, callIdLength);
  }
  return own || id.length <= MAX_LENGTH ? id : `call_${digest(id).slice(0, MAX_LENGTH - 5)}`;
}

/** The id has just so many letters or digits, and nothing else. */
export function isCallIdOf(id: string, length: number): boolean {
  return id.length === length && /^[A-Za-z0-9]+$/.test(id);
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
