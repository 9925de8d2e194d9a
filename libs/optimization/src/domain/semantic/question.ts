import type { GenerationRequest } from '@app/dialects';
import { type KeyParts, roomKey } from '../request-key.js';
import { type Gist, gistOf } from './gist.js';

/** Longer texts are no questions that anybody asks again in other words. */
const MOST_CHARACTERS = 2000;
const IS_CODE = /^\s*[[{<]|```|;\s*$/m;

/** A question that may have the answer of another one: the last thing that is said in its request. */
export interface Question {
  readonly projectId: string;
  /** As of `requestKey`. */
  readonly key: string;
  /** As of `roomKey`: questions of one room differ in nothing but their words. */
  readonly room: string;
  readonly text: string;
  readonly gist: Gist;
}

/**
 * Null when its request is none that others may share an answer with: the last turn is more than a short text, or there is
 * something in it that not all dialects have words for.
 *
 * @param key as of `requestKey`
 * @param never words that keep it out
 */
export function questionOf(
  secret: Buffer,
  parts: KeyParts,
  key: string,
  never: readonly string[],
): Question | null {
  const text = lastText(parts.request);
  if (text === null || IS_CODE.test(text) || holdsAny(text, never)) {
    return null;
  }
  const room = roomKey(secret, { ...parts, request: withoutLast(parts.request) });
  const gist = gistOf(text);
  return room === null || gist.words.length === 0
    ? null
    : { projectId: parts.projectId, key, room, text, gist };
}

function lastText({ turns }: GenerationRequest): string | null {
  const last = turns.at(-1);
  const [part, ...more] = last?.parts ?? [];
  const isText = last?.role === 'user' && part?.kind === 'text' && more.length === 0;
  return isText && part.text.length <= MOST_CHARACTERS ? part.text : null;
}

function withoutLast(request: GenerationRequest): GenerationRequest {
  const last = request.turns.at(-1);
  return last ? { ...request, turns: [...request.turns.slice(0, -1), { ...last, parts: [] }] } : request;
}

/** Whole words, whatever their case. */
function holdsAny(text: string, phrases: readonly string[]): boolean {
  if (phrases.length === 0) {
    return false;
  }
  const spaced = spacedOut(text);
  return phrases.some(phrase => spaced.includes(spacedOut(phrase)));
}

function spacedOut(text: string): string {
  return ` ${(
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ')} `;
}
