import { isObject } from './is-object.js';
import {
  bytesOf,
  inAscii,
  keyInBytes,
  memberSpans,
  skipSpace,
  textOf,
  valueEnd,
  withMembers,
} from './json-splice.js';
import { CLOSE_BRACKET, COMMA } from './json-text.js';

/**
 * Writes what is different in a value into the bytes that it was read from, and leaves every other byte alone. Members may be
 * added or get another value, and lists keep their length; what is the very same object in both is not looked into.
 *
 * @param body JSON that `JSON.parse` has accepted
 * @param before what that gave; the bytes may have got other members since, of the outermost object
 */
export function spliceChanges(body: Buffer, before: unknown, after: unknown): Buffer {
  return before === after ? body : bytesOf(changed(textOf(body), before, after));
}

/** @param text as of `textOf` */
function changed(text: string, before: unknown, after: unknown): string {
  if (before === after) {
    return text;
  }
  if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
    return changedList(text, before, after);
  }
  return isObject(before) && isObject(after)
    ? changedObject(text, before, after)
    : textOf(Buffer.from(JSON.stringify(after)));
}

function changedList(text: string, before: readonly unknown[], after: readonly unknown[]): string {
  let written = '';
  let done = 0;
  let at = skipSpace(text, 1);
  for (let index = 0; index < after.length && text.charCodeAt(at) !== CLOSE_BRACKET; index++) {
    const to = valueEnd(text, at);
    if (before[index] !== after[index]) {
      written += text.slice(done, at) + changed(text.slice(at, to), before[index], after[index]);
      done = to;
    }
    const next = skipSpace(text, to);
    at = text.charCodeAt(next) === COMMA ? skipSpace(text, next + 1) : next;
  }
  return written + text.slice(done);
}

type Members = Readonly<Record<string, unknown>>;

function changedObject(text: string, before: Members, after: Members): string {
  const spans = memberSpans(text, 0, keyInBytes);
  const last = new Map(spans.map(span => [span.key, span])); // of a name that occurs twice the last one counts
  let written = '';
  let done = 0;
  for (const span of spans) {
    const { key, from, to } = span;
    if (last.get(key) === span && Object.hasOwn(after, key) && before[key] !== after[key]) {
      written += text.slice(done, from) + changed(text.slice(from, to), before[key], after[key]);
      done = to;
    }
  }
  written += text.slice(done);
  const added = Object.keys(after).filter(key => before[key] !== after[key] && !last.has(key));
  return added.length === 0
    ? written
    : withMembers(
        written,
        added.map(key => `${inAscii(JSON.stringify(key))}:${inAscii(JSON.stringify(after[key]))}`).join(','),
      );
}
