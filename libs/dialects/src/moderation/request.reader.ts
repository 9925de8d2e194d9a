import { InvalidRequestError } from '@app/shared';
import { isAbsent, isObject, leftover, type Wire } from '../domain/wire.js';
import { invalid } from '../domain/fields.js';
import type { ModerationInput, ModerationRequest } from './moderation.js';

const KNOWN: ReadonlySet<string> = new Set(['model', 'input']);
const INPUT = 'a text, a list of texts, or a list of parts such as {"type": "text", "text": "…"}';

/**
 * Reads the body of POST /v1/moderations: each text of a list is judged apart, the parts of a list together.
 * Source: https://platform.openai.com/docs/api-reference/moderations/create
 *
 * @throws InvalidRequestError (400) naming the bad field
 */
export function readModerationRequest(body: Wire): ModerationRequest {
  const { input } = body;
  if (isAbsent(input)) {
    throw new InvalidRequestError(`Send 'input': ${INPUT}.`, 'input');
  }
  return { inputs: readInputs(input), native: leftover(body, KNOWN) ?? {} };
}

function readInputs(input: unknown): ModerationInput[] {
  if (typeof input === 'string') {
    return [textInput(input)];
  }
  if (!Array.isArray(input) || input.length === 0) {
    throw invalid('input', INPUT);
  }
  if (isObject(input[0])) {
    return [readParts(input)];
  }
  return input.map((text: unknown, index) => {
    if (typeof text !== 'string') {
      throw invalid(`input[${index}]`, 'a text');
    }
    return textInput(text);
  });
}

function textInput(text: string): ModerationInput {
  return { text, others: [] };
}

function readParts(parts: readonly unknown[]): ModerationInput {
  const texts: string[] = [];
  const others: unknown[] = [];
  parts.forEach((part, index) => {
    if (!isObject(part) || typeof part['type'] !== 'string') {
      throw invalid(`input[${index}]`, 'a part such as {"type": "text", "text": "…"}');
    }
    if (part['type'] !== 'text') {
      others.push(part);
    } else if (typeof part['text'] === 'string') {
      texts.push(part['text']);
    } else {
      throw invalid(`input[${index}].text`, 'a text');
    }
  });
  return { text: texts.join('\n'), others };
}
