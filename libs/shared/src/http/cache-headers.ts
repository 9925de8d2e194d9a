import type { IncomingHttpHeaders } from 'node:http';
import { InvalidRequestError } from '../errors/gateway.error.js';

/** What a request may ask of the cache of answers. */
export const CACHE_HEADERS = {
  mode: 'x-llmhub-cache',
  /** Seconds. */
  ttl: 'x-llmhub-cache-ttl',
  namespace: 'x-llmhub-cache-namespace',
  /** Pieces of a stream a second. */
  pace: 'x-llmhub-cache-pace',
} as const;

/** Answers that are kept for others only where a project asks for it. */
export const CACHE_KEEPS = ['tool_calls', 'refusals', 'truncated', 'errors'] as const;

export type CacheKeeps = (typeof CACHE_KEEPS)[number];

/** What a project lets be kept of its answers. */
export interface CacheSettings {
  readonly cache: 'off' | 'deterministic' | 'all';
  /** The longest time. */
  readonly cacheTtlSeconds: number;
  readonly cacheScope: 'project' | 'key';
  readonly cacheKeeps: readonly CacheKeeps[];
  /** Whether a question has the answer of one that was asked in other words; `shadow`: it is only counted what would have. */
  readonly semanticCache: 'off' | 'shadow' | 'on';
  /** Makes its vectors; null only where that is off. */
  readonly semanticCacheModel: string | null;
  /** Cosine. */
  readonly semanticCacheThreshold: number;
  /** A question that holds one of these has nothing to do with it. */
  readonly semanticCacheNever: readonly string[];
}

/** What questions that were asked in other words have to do with one call. */
export interface SemanticUse {
  readonly mode: 'shadow' | 'on';
  readonly model: string;
  readonly threshold: number;
  readonly never: readonly string[];
}

/** What the cache has to do with one call. */
export interface CacheUse {
  /** `refresh`: the vendor is asked, and its answer kept; `only`: the vendor is not asked. */
  readonly mode: 'use' | 'refresh' | 'only';
  readonly keeps: CacheSettings['cache'];
  readonly scope: CacheSettings['cacheScope'];
  /** Answers that are kept besides whole texts. */
  readonly besides: CacheSettings['cacheKeeps'];
  readonly ttlMs: number;
  /** Older answers are none: never those that the project does not keep so long any more. */
  readonly maxAgeMs: number;
  /** Empty when the caller chose none. */
  readonly namespace: string;
  /** Absent, as nearly always: the same words alone have the same answer. */
  readonly semantic?: SemanticUse;
  /** Pieces a second in which a stream comes again; null: all at once. */
  readonly pace: number | null;
}

const MODES: ReadonlySet<string | undefined> = new Set([undefined, 'off', 'refresh', 'only', 'exact']);
/** What `Cache-Control` calls them. */
const DIRECTIVES: ReadonlyMap<string, string> = new Map([
  ['no-store', 'off'],
  ['no-cache', 'refresh'],
  ['only-if-cached', 'only'],
]);
const MAX_AGE = /^max-age(?:=(.*))?$/;
const PACE = /^[1-9]\d{0,2}$/;
const SECONDS = /^\d{1,9}$/;
const NAMESPACE = /^[\w.:-]{1,64}$/;

/**
 * Null when it has nothing to do with it: `only` alone is obeyed in a project that has no cache, too. All that the request says of it
 * counts, whichever header says it.
 *
 * @throws InvalidRequestError (400) naming the header that cannot be read
 */
export function cacheUse(settings: CacheSettings, headers: IncomingHttpHeaders): CacheUse | null {
  const { mode, ttl, namespace, pace } = CACHE_HEADERS;
  const asked = single(headers, mode);
  const seconds = single(headers, ttl);
  const space = single(headers, namespace);
  const rate = single(headers, pace);
  const control = headers['cache-control'];
  const isBare = [asked, seconds, space, rate, control].every(value => value === undefined);
  if (isBare && settings.cache === 'off') {
    return null;
  }
  assertReadable(MODES.has(asked), mode, 'off, refresh, only or exact');
  assertReadable(seconds === undefined || SECONDS.test(seconds), ttl, 'a whole number of seconds');
  assertReadable(
    space === undefined || NAMESPACE.test(space),
    namespace,
    'up to 64 letters, digits, _, ., : or -',
  );
  assertReadable(rate === undefined || PACE.test(rate), pace, 'a number of pieces a second, from 1 to 999');
  const directives = directivesOf(control);
  const wishes = new Set([asked, ...directives.map(directive => DIRECTIVES.get(directive))]);
  const isOnly = wishes.has('only');
  const looksForNone = wishes.has('off') || wishes.has('refresh');
  if (!isOnly && (wishes.has('off') || settings.cache === 'off')) {
    return null;
  }
  // A vector would be asked of a vendor, too.
  const semantic = isOnly || wishes.has('exact') ? null : semanticUse(settings);
  const other = wishes.has('refresh') ? 'refresh' : 'use';
  return {
    mode: isOnly ? 'only' : other,
    keeps: isOnly && looksForNone ? 'off' : settings.cache,
    scope: settings.cacheScope,
    besides: settings.cacheKeeps,
    ttlMs: Math.min(seconds === undefined ? Infinity : Number(seconds), settings.cacheTtlSeconds) * 1000,
    maxAgeMs: Math.min(settings.cacheTtlSeconds, ...directives.map(maxAge)) * 1000,
    namespace: space ?? '',
    ...(semantic && { semantic }),
    pace: rate === undefined ? null : Number(rate),
  };
}

function semanticUse(settings: CacheSettings): SemanticUse | null {
  const { semanticCache: mode, semanticCacheModel: model } = settings;
  if (mode === 'off' || model === null) {
    return null;
  }
  return { mode, model, threshold: settings.semanticCacheThreshold, never: settings.semanticCacheNever };
}

function directivesOf(control: string | undefined): readonly string[] {
  return control === undefined ? [] : control.split(',').map(directive => directive.trim().toLowerCase());
}

/**
 * In seconds; Infinity for a directive that is another. Browsers and proxies write the header, too, so nothing in it is refused: an
 * age that cannot be read is none at all, as RFC 9111 (4.2.1) has it.
 */
function maxAge(directive: string): number {
  const [isIt, age = ''] = MAX_AGE.exec(directive) ?? [];
  const [, seconds = '0'] = /^"?(\d+)"?$/.exec(age) ?? [];
  return isIt === undefined ? Infinity : Number(seconds);
}

/** Node joins a header of ours that comes twice to one text. */
function single(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(', ') : value;
}

function assertReadable(isReadable: unknown, header: string, expected: string): asserts isReadable {
  if (!isReadable) {
    throw new InvalidRequestError(`'${header}' must be ${expected}.`, header);
  }
}
