import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  stringEnd,
} from './json-text.js';

const COLON = 0x3a;
const SPACE = 0x20;
/** A key that means what its bytes are, as nearly all. */
const PLAIN = /^[\w-]*$/;

/** A member of the outermost object: where it begins, and the range of its value. */
export interface MemberSpan {
  readonly key: string;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Replaces or adds members of the outermost object in the bytes of a JSON text and leaves every other byte alone, so
 * that unknown fields and big numbers pass as they came.
 *
 * @param body a JSON object that `JSON.parse` has accepted
 * @param members new values as JSON text, by key; a key that occurs twice is replaced twice
 */
export function spliceMembers(body: Buffer, members: Readonly<Record<string, string>>): Buffer {
  const ascii = Object.fromEntries(
    Object.entries(members).map(([key, value]) => [key, inAscii(value)] as const),
  );
  return bytesOf(splicedText(textOf(body), ascii, keyInBytes));
}

/** Takes members of the outermost object out of the bytes of a JSON text, as often as they occur. */
export function removeMembers(body: Buffer, names: readonly string[]): Buffer {
  const text = textOf(body);
  let kept = '';
  let at = 0;
  for (const { start, to } of memberSpans(text, 0, keyInBytes).filter(({ key }) => names.includes(key))) {
    kept += text.slice(at, start);
    const next = skipSpace(text, to);
    if (text.charCodeAt(next) === COMMA) {
      at = next + 1;
    } else {
      at = to;
      kept = kept.slice(0, commaAtEnd(kept)); // the last member takes the comma before it along
    }
  }
  return bytesOf(kept + text.slice(at));
}

function commaAtEnd(head: string): number {
  const end = trimEnd(head, head.length);
  return head.charCodeAt(end - 1) === COMMA ? end - 1 : head.length;
}

/** The keys of the outermost object as they came, and as often. @param body a JSON object that `JSON.parse` has accepted */
export function memberNames(body: Buffer): string[] {
  return memberSpans(textOf(body), 0, keyInBytes).map(({ key }) => key);
}

/** Adds one member before the closing brace, without looking at the others. `value` is JSON text. */
export function appendMember(object: string, key: string, value: string): string {
  return withMembers(object, `"${key}":${value}`);
}

export function withMembers(object: string, members: string): string {
  const end = object.lastIndexOf('}');
  const isEmpty = object.charCodeAt(trimEnd(object, end) - 1) === OPEN_BRACE;
  return `${object.slice(0, end)}${isEmpty ? '' : ','}${members}${object.slice(end)}`;
}

/** Gives one member a value, as JSON text, and looks at the others only where it may be among them. */
export function setMember(object: string, key: string, value: string): string {
  return object.includes(`"${key}"`)
    ? splicedText(object, { [key]: value })
    : appendMember(object, key, value);
}

/**
 * Changes an object that is a member of the outermost one, and leaves all else alone; everything when there is no such
 * member, or it is no object. Of a name that occurs twice the last one counts, as with `JSON.parse`.
 *
 * @param change gets the text of the object
 */
export function changeMember(text: string, key: string, change: (object: string) => string): string {
  const span = lastSpan(text, key);
  if (!span || text.charCodeAt(span.from) !== OPEN_BRACE) {
    return text;
  }
  const { from, to } = span;
  return text.slice(0, from) + change(text.slice(from, to)) + text.slice(to);
}

/** A character a byte: positions are the same in both, what is not ASCII passes, and strings are searched natively. */
export function textOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** @param text as of `textOf` */
export function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

/** JSON text that means the same, and has the same bytes in every encoding. */
export function inAscii(json: string): string {
  return json.replace(
    /[^\0-\x7f]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function splicedText(
  text: string,
  members: Readonly<Record<string, string>>,
  readKey: KeyReader = JSON.parse,
): string {
  const spans = memberSpans(text, 0, readKey);
  const known = new Set<string>();
  let spliced = '';
  let at = 0;
  for (const { key, from, to } of spans) {
    if (Object.hasOwn(members, key)) {
      spliced += text.slice(at, from) + members[key];
      at = to;
      known.add(key);
    }
  }
  spliced += text.slice(at);
  const added = Object.keys(members).filter(key => !known.has(key));
  return added.length === 0
    ? spliced
    : withMembers(spliced, added.map(key => `${inAscii(JSON.stringify(key))}:${members[key]}`).join(','));
}

/** Looked for from the end, where answers tell their usage: before it there may be thousands of vectors to walk over. */
function lastSpan(text: string, key: string): MemberSpan | undefined {
  const start = text.lastIndexOf(`"${key}"`);
  if (start < 0) {
    return undefined;
  }
  // Quotes within strings are escaped, so with these neighbours it is a key; of which object, its end tells.
  const isKey =
    text.charCodeAt(start - 1) !== BACKSLASH &&
    text.charCodeAt(skipSpace(text, start + key.length + 2)) === COLON;
  const spans = isKey ? memberSpans(text, start) : [];
  const end = skipSpace(text, spans.at(-1)?.to ?? 0);
  const isOutermost = isKey && end === text.lastIndexOf('}');
  return (isOutermost ? spans : memberSpans(text)).findLast(span => span.key === key);
}

/** Reads the JSON text of a key. */
type KeyReader = (key: string) => string;

/** In a text of one character a byte. */
export const keyInBytes: KeyReader = key => JSON.parse(bytesOf(key).toString()) as string;

/** @param from where a member begins, for that one and those behind it; 0: for all */
export function memberSpans(text: string, from = 0, readKey: KeyReader = JSON.parse): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let at = from || text.indexOf('{') + 1;
  for (;;) {
    at = skipTo(text, at, QUOTE);
    if (at < 0) {
      return spans;
    }
    const keyEnd = stringEnd(text, at);
    const value = skipSpace(text, skipTo(text, keyEnd, COLON) + 1);
    const to = valueEnd(text, value);
    const name = text.slice(at + 1, keyEnd - 1);
    spans.push({ key: PLAIN.test(name) ? name : readKey(`"${name}"`), start: at, from: value, to });
    at = to;
  }
}

/** Position of a structural character after white space and commas; -1 at the closing brace. */
function skipTo(text: string, from: number, wanted: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === wanted) {
      return at;
    }
    if (code === CLOSE_BRACE) {
      return -1;
    }
  }
  return -1;
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) <= SPACE) {
    at++;
  }
  return at;
}

export function valueEnd(text: string, from: number): number {
  if (text.charCodeAt(from) === QUOTE) {
    return stringEnd(text, from);
  }
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      depth++;
    } else if (code === CLOSE_BRACE || code === CLOSE_BRACKET) {
      if (depth === 0) {
        return trimEnd(text, at);
      }
      depth--;
      if (depth === 0) {
        return at + 1;
      }
    } else if (depth === 0 && code === COMMA) {
      return trimEnd(text, at);
    }
    at++;
  }
  return at;
}

/** A number or word ends before the white space that follows it. */
function trimEnd(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at - 1) <= SPACE) {
    at--;
  }
  return at;
}
