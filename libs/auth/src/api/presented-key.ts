import type { IncomingHttpHeaders } from 'node:http';

const OURS = /^(?:[pa]k_|ek_v1\.)/; // OpenAI's own begin with `ek_`, too

/**
 * The key that a request presents: `x-api-key` (Anthropic), `x-goog-api-key` or `?key=` (Google), or a bearer token
 * (OpenAI, and Anthropic since SDK 1.x). Of several the first that looks like one of ours counts, because clients send
 * along vendor keys that they find in their environment; else the first. `url` is for routes that Google clients call.
 */
export function presentedKey(headers: IncomingHttpHeaders, url = ''): string | undefined {
  const candidates = [
    only(headers['x-api-key']),
    only(headers['x-goog-api-key']),
    bearerOf(headers.authorization),
    queryKeyOf(url),
  ];
  return candidates.find(key => key !== undefined && OURS.test(key)) ?? candidates.find(Boolean);
}

/** Whether there is one where only Google's clients may put it. */
export function hasKeyInUrl(url = ''): boolean {
  return /[?&](?:key|access_token)=[^&]/.test(url);
}

function only(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header.trim() : undefined;
}

function bearerOf(header: string | undefined): string | undefined {
  return header !== undefined && /^bearer /i.test(header) ? header.slice('bearer '.length).trim() : undefined;
}

function queryKeyOf(url: string): string | undefined {
  const query = url.indexOf('?');
  return query >= 0 && url.includes('key=', query)
    ? (new URLSearchParams(url.slice(query)).get('key') ?? undefined)
    : undefined;
}
