import { isObject } from '@app/shared';
import { hasMember } from './some-member.js';

/** What the caller keeps at the vendor under a name, and searches in all their spellings. */
const ELSEWHERE = /^(?:(?:\w+_)?file_?ids?|cached_?content|vector_?store_?ids?|(?!disable)\w*search\w*)$/i;
const ADDRESSES = /ur[il]s?$/i;
/** Some vendors take an address there, too. */
const MEDIA = /^(?:\w+_)?(?:data|audio|files?|images?|videos?)$/i;
const DATA = /^data:/i;
const LINK = /^\s*[a-z][a-z0-9+.-]{0,15}:\/\//i;

/** What callers say in words of their own, or their tools: no vendor goes to an address in there. */
const OWN_WORDS = new Set([
  'args',
  'arguments',
  'functions',
  'json_schema',
  'labels',
  'metadata',
  'response', // of Gemini's functions
  'responseJsonSchema',
  'responseSchema',
  'response_format',
  'response_json_schema',
  'response_schema',
  'schema',
  'tools',
]);

/**
 * Whether a body refers to what stands elsewhere, and may be another tomorrow: at an address, at the vendor under a name, on
 * the web. Names tell; no text is read.
 *
 * @param value the body as its caller wrote it, or some of it
 */
export function refersElsewhere(value: unknown): boolean {
  return hasMember(value, { isFound: isReference, isSkipped: isOwnWords });
}

function isReference(name: string, member: unknown): boolean {
  if (name === 'type') {
    return member === 'item_reference';
  }
  if (ELSEWHERE.test(name)) {
    return (member ?? false) !== false;
  }
  if (ADDRESSES.test(name)) {
    return textsIn(member).some(address => !DATA.test(address));
  }
  return MEDIA.test(name) && (isSaidBefore(member) || textsIn(member).some(text => LINK.test(text)));
}

/** Audio of an earlier turn, which the vendor has kept. */
function isSaidBefore(member: unknown): boolean {
  return isObject(member) && typeof member['id'] === 'string';
}

function textsIn(member: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(member) ? member : [member];
  return list.filter(one => typeof one === 'string');
}

function isOwnWords(name: string, { type }: Readonly<Record<string, unknown>>): boolean {
  return OWN_WORDS.has(name) || (name === 'input' && type === 'tool_use');
}
