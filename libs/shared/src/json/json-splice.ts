import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  stringEnd,
} from './json-bytes.js';

const COMMA = 0x2c;
const COLON = 0x3a;
const SPACE = 0x20;

/** A member of the outermost object: where it begins, and byte range of its value. */
export interface MemberSpan {
  readonly key: string;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Replaces or adds members of the outermost object in the bytes of a JSON text and leaves every other byte alone, so
 * that unknown fields and big numbers pass as they came. Strings are skipped natively: cheap for long prompts.
 *
 * @param body a JSON object that `JSON.parse` has accepted
 * @param members new values as JSON text, by key; a key that occurs twice is replaced twice
 */
export function spliceMembers(body: Buffer, members: Readonly<Record<string, string>>): Buffer {
  const spans = memberSpans(body).filter(({ key }) => Object.hasOwn(members, key));
  const pieces: Buffer[] = [];
  let at = 0;
  for (const { key, from, to } of spans) {
    pieces.push(body.subarray(at, from), Buffer.from(members[key] ?? ''));
    at = to;
  }
  const added = Object.keys(members).filter(key => !spans.some(span => span.key === key));
  const rest = body.subarray(at);
  if (added.length === 0) {
    return Buffer.concat([...pieces, rest]);
  }
  const end = rest.lastIndexOf(CLOSE_BRACE);
  const first = spans.length === 0 && isEmptyObject(body);
  const text = added.map(
    (key, index) => `${first && index === 0 ? '' : ','}${JSON.stringify(key)}:${members[key]}`,
  );
  return Buffer.concat([...pieces, rest.subarray(0, end), Buffer.from(text.join('')), rest.subarray(end)]);
}

/** Takes members of the outermost object out of the bytes of a JSON text, as often as they occur. */
export function removeMembers(body: Buffer, names: readonly string[]): Buffer {
  let head: Buffer = Buffer.alloc(0);
  let at = 0;
  for (const { start, to } of memberSpans(body).filter(({ key }) => names.includes(key))) {
    head = Buffer.concat([head, body.subarray(at, start)]);
    const next = skipSpace(body, to);
    if (body[next] === COMMA) {
      at = next + 1;
    } else {
      at = to;
      head = head.subarray(0, commaAtEnd(head)); // the last member takes the comma before it along
    }
  }
  return Buffer.concat([head, body.subarray(at)]);
}

function commaAtEnd(head: Buffer): number {
  const end = trimEnd(head, head.length);
  return head[end - 1] === COMMA ? end - 1 : head.length;
}

/** Adds one member before the closing brace, without looking at the others. `value` is JSON text. */
export function appendMember(body: Buffer, key: string, value: string): Buffer {
  const end = body.lastIndexOf(CLOSE_BRACE);
  const isEmpty = body[trimEnd(body, end) - 1] === OPEN_BRACE;
  const member = `${isEmpty ? '' : ','}"${key}":${value}${body.toString('latin1', end)}`;
  return Buffer.concat([body.subarray(0, end), Buffer.from(member)]);
}

/**
 * Changes an object that is a member of the outermost one, and leaves every other byte alone; all of them when there is no
 * such member, or it is no object. Of a name that occurs twice the last one counts, as with `JSON.parse`.
 *
 * @param change gets the bytes of the object
 */
export function changeMember(body: Buffer, key: string, change: (object: Buffer) => Buffer): Buffer {
  const span = lastSpan(body, key);
  if (!span || body[span.from] !== OPEN_BRACE) {
    return body;
  }
  const { from, to } = span;
  return Buffer.concat([body.subarray(0, from), change(body.subarray(from, to)), body.subarray(to)]);
}

/** The keys of the outermost object as they came, and as often. @param body a JSON object that `JSON.parse` has accepted */
export function memberNames(body: Buffer): string[] {
  return memberSpans(body).map(({ key }) => key);
}

/** Looked for from the end, where answers tell their usage: before it there may be thousands of vectors to walk over. */
function lastSpan(body: Buffer, key: string): MemberSpan | undefined {
  const start = body.lastIndexOf(`"${key}"`);
  if (start < 0) {
    return undefined;
  }
  // Quotes within strings are escaped, so with these neighbours it is a key; of which object, its end tells.
  const isKey = body[start - 1] !== BACKSLASH && body[skipSpace(body, start + key.length + 2)] === COLON;
  const spans = isKey ? memberSpans(body, start) : [];
  const end = skipSpace(body, spans.at(-1)?.to ?? 0);
  const isOutermost = isKey && end === body.lastIndexOf(CLOSE_BRACE);
  return (isOutermost ? spans : memberSpans(body)).findLast(span => span.key === key);
}

/** @param from where a member begins, for that one and those behind it */
function memberSpans(body: Buffer, from = body.indexOf(OPEN_BRACE) + 1): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let at = from;
  for (;;) {
    at = skipTo(body, at, QUOTE);
    if (at < 0) {
      return spans;
    }
    const keyEnd = stringEnd(body, at);
    const key = JSON.parse(body.toString('utf8', at, keyEnd)) as string;
    const value = skipSpace(body, skipTo(body, keyEnd, COLON) + 1);
    const to = valueEnd(body, value);
    spans.push({ key, start: at, from: value, to });
    at = to;
  }
}

/** Position of a structural byte after white space and commas; -1 at the closing brace. */
function skipTo(body: Buffer, from: number, byte: number): number {
  for (let at = from; at < body.length; at++) {
    const code = body[at];
    if (code === byte) {
      return at;
    }
    if (code === CLOSE_BRACE) {
      return -1;
    }
  }
  return -1;
}

function skipSpace(body: Buffer, from: number): number {
  let at = from;
  while ((body[at] ?? QUOTE) <= SPACE) {
    at++;
  }
  return at;
}

function valueEnd(body: Buffer, from: number): number {
  const first = body[from];
  if (first === QUOTE) {
    return stringEnd(body, from);
  }
  let depth = 0;
  let at = from;
  while (at < body.length) {
    const code = body[at];
    if (code === QUOTE) {
      at = stringEnd(body, at);
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) {
        return trimEnd(body, at);
      }
      depth--;
      if (depth === 0) {
        return at + 1;
      }
    } else if (depth === 0 && code === COMMA) {
      return trimEnd(body, at);
    }
    at++;
  }
  return at;
}

/** A number or word ends before the white space that follows it. */
function trimEnd(body: Buffer, from: number): number {
  let at = from;
  while ((body[at - 1] ?? QUOTE) <= SPACE) {
    at--;
  }
  return at;
}

function isEmptyObject(body: Buffer): boolean {
  return body[skipSpace(body, body.indexOf(OPEN_BRACE) + 1)] === CLOSE_BRACE;
}
