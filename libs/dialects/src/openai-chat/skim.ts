import type { Wire } from '../domain/wire.js';

const CHOICES = '"choices":';
const FINISH = '"finish_reason":';
/** Where one of these stands, only the whole answer tells how it ended. */
const TELLING = ['"error"', '"tool_calls"', '"function_call"'];

/**
 * A whole answer with one choice, without what was said: that saves parsing it. Inside a JSON text these names would have
 * escaped quotes, so they are members; and each end parses by itself only where its name stands as deep as it should.
 *
 * @returns null when the answer must be parsed
 */
export function skim(answer: Buffer): Wire | null {
  const choices = answer.indexOf(CHOICES);
  const finish = answer.indexOf(FINISH, choices);
  const isPlain = choices > 0 && finish > 0 && answer.lastIndexOf(FINISH) === finish;
  if (!isPlain || TELLING.some(name => answer.includes(name))) {
    return null;
  }
  const head = parsed(`${answer.toString('utf8', 0, choices)}${CHOICES}[]}`);
  const tail = parsed(`{${CHOICES}[{${answer.toString('utf8', finish)}`);
  return head && tail && { ...head, ...tail };
}

function parsed(json: string): Wire | null {
  try {
    return JSON.parse(json) as Wire;
  } catch {
    return null;
  }
}
