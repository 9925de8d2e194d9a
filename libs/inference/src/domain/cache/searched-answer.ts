import { isObject, SseParser } from '@app/shared';
import { hasMember } from './some-member.js';

/** What a search found, or how much was searched and fetched, in the words of many vendors. */
const SEARCHES = /search|fetch|executed_?tools|sources_used|url_?context_?metadata/i;
const LINKS = /^(?:citations|references|sources)$/i;
/** Quotes within texts are escaped, so that this is a name. Hardly any answer has one, and is read for that. */
const MAYBE = new RegExp(`"\\w{0,40}(?:${SEARCHES.source}|citations|references|sources)\\w{0,40}"\\s*:`, 'i');
/** What is asked of the caller's tools, and what its request said, which Responses repeat. */
const OF_THE_CALLER = new Set(['args', 'input', 'metadata', 'text', 'tools']);

/** Whether a vendor's answer says, in any of its members, that the web was asked. @param body of JSON, or a stream of it */
export function isSearched(body: Buffer, isStream: boolean): boolean {
  const text = body.toString();
  const search = { isFound: tellsOfSearch, isSkipped: isOfTheCaller };
  return (
    MAYBE.test(text) && (isStream ? chunksIn(body) : [text]).some(json => hasMember(parsed(json), search))
  );
}

function chunksIn(body: Buffer): string[] {
  const parser = new SseParser();
  return [...parser.push(body), ...parser.end()].map(({ data }) => data);
}

/** Such as `[DONE]` is no JSON. */
function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

function tellsOfSearch(name: string, member: unknown): boolean {
  return (
    (SEARCHES.test(name) && saysSomething(member)) ||
    (LINKS.test(name) && Array.isArray(member) && member.some(isLink))
  );
}

function isOfTheCaller(name: string): boolean {
  return OF_THE_CALLER.has(name);
}

/** Counts of nothing, and empty lists, do not. */
function saysSomething(value: unknown): boolean {
  return typeof value === 'object' && value !== null
    ? Object.values(value).some(saysSomething)
    : Boolean(value);
}

/** What a document of the request says has no address. */
function isLink(citation: unknown): boolean {
  return (
    typeof citation === 'string' ||
    (isObject(citation) && ['url', 'uri', 'link'].some(name => typeof citation[name] === 'string'))
  );
}
