import { InvalidRequestError } from '@app/shared';
import type { Turn } from '../domain/conversation.js';
import type { SignatureSeal } from '../domain/dialect.js';
import type { Part, ReasoningPart } from '../domain/part.js';
import { at, invalid, objectIn } from '../domain/fields.js';
import { entryOf, isAbsent, isObject, objectAt, objectsAt, textAt, type Wire } from '../domain/wire.js';
import { CallBook } from './call-book.js';
import { camelNames } from './member-names.js';
import { type PartContext, readRequestPart } from './request-part.reader.js';

const ROLES: Readonly<Record<string, 'user' | 'assistant'>> = {
  user: 'user',
  model: 'assistant',
  // Older clients' roles for contents of results.
  function: 'user',
  tool: 'user',
};

/** `systemInstruction` and `contents` as turns. */
export function readTurns(body: Wire, seal: SignatureSeal): Turn[] {
  const contents = contentsOf(body);
  const context = { calls: new CallBook(givenIds(contents)), seal };
  const turns = readInstruction(body['systemInstruction'], context);
  contents.forEach((content, index) => addTurns(turns, content, `contents[${index}]`, context));
  return turns;
}

/** One content alone is taken too, as Google takes it. */
function contentsOf(body: Wire): Wire[] {
  const { contents } = body;
  const list: readonly unknown[] = isObject(contents) ? [contents] : Array.isArray(contents) ? contents : [];
  if (list.length === 0) {
    throw new InvalidRequestError("Send 'contents', a list of at least one content.", 'contents');
  }
  return list.map((value, index) => {
    const what = 'a content such as {"role": "user", "parts": [{"text": "…"}]}';
    return camelNames(objectIn(value, `contents[${index}]`, what));
  });
}

function givenIds(contents: readonly Wire[]): ReadonlySet<string> {
  const parts = contents.flatMap(content => objectsAt(content, 'parts').map(camelNames));
  return new Set(parts.map(part => textAt(objectAt(part, 'functionCall') ?? {}, 'id')));
}

function readInstruction(value: unknown, context: PartContext): Turn[] {
  if (isAbsent(value)) {
    return [];
  }
  const path = 'systemInstruction';
  const parts =
    typeof value === 'string'
      ? [{ kind: 'text' as const, text: value }]
      : readParts(camelNames(objectIn(value, path, 'a content with `parts`')), path, context).flat();
  return parts.length > 0 ? [{ role: 'system', parts }] : [];
}

/** Results come before the rest of a content. Contents of the model that follow each other are one turn of it. */
function addTurns(turns: Turn[], content: Wire, path: string, context: PartContext): void {
  const role = isAbsent(content['role']) ? 'user' : entryOf(ROLES, content['role']);
  if (role === undefined) {
    throw invalid(at(path, 'role'), '"user" or "model"');
  }
  const read = readParts(content, path, context);
  const results = read.flat().filter(({ kind }) => kind === 'tool-result');
  const others = read.filter(parts => parts.every(({ kind }) => kind !== 'tool-result'));
  if (results.length > 0) {
    turns.push({ role: 'tool', parts: results });
  }
  if (role === 'assistant') {
    addModelParts(turns, others);
  } else if (others.length > 0) {
    turns.push({ role, parts: others.flat() });
  }
}

/** By part of the wire, which may say nothing, or two things. */
function readParts(content: Wire, path: string, context: PartContext): Part[][] {
  const { parts } = content;
  const list: unknown = isObject(parts) ? [parts] : (parts ?? []);
  if (!Array.isArray(list)) {
    throw invalid(at(path, 'parts'), 'a list of parts');
  }
  return list
    .map((part, index) => readRequestPart(part, `${path}.parts[${index}]`, context))
    .filter(read => read.length > 0);
}

/** Streamed answers come back in the pieces they were sent in: texts are joined, and thoughts up to their signature. */
function addModelParts(turns: Turn[], read: readonly Part[][]): void {
  const last = turns.at(-1);
  const parts: Part[] = last?.role === 'assistant' ? [...last.parts] : [];
  for (const pieces of read) {
    const [piece, ...others] = pieces;
    const before = parts.at(-1);
    // A signature that stands on a text is none of the thoughts before it.
    const whole = piece && before && others.length === 0 ? join(before, piece) : null;
    if (whole) {
      parts[parts.length - 1] = whole;
    } else {
      parts.push(...pieces);
    }
  }
  if (last?.role === 'assistant') {
    turns[turns.length - 1] = { ...last, parts };
  } else if (parts.length > 0) {
    turns.push({ role: 'assistant', parts });
  }
}

function join(before: Part, part: Part): Part | null {
  if (before.kind === 'text' && part.kind === 'text') {
    return before.native || part.native ? null : { ...before, text: before.text + part.text };
  }
  if (before.kind === 'reasoning' && part.kind === 'reasoning' && isOpen(before) && continues(part)) {
    const { signature } = part;
    return { ...before, text: before.text + part.text, ...(signature && { signature }) };
  }
  return null;
}

/** The block may still grow. */
function isOpen({ signature, native }: ReasoningPart): boolean {
  return !signature && !native;
}

/** More of the block before, or the signature alone that closes it. */
function continues({ text, signature, redacted, native }: ReasoningPart): boolean {
  return !native && !redacted && (!signature || text === '');
}
