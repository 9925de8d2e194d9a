import type { IncomingHttpHeaders } from 'node:http';
import { CACHE_HEADERS } from './cache-headers.js';
import { TAGS_HEADER, USER_HEADER } from './call-labels.js';
import { DEADLINE_HEADER } from './deadline-header.js';
import { HISTORY_HEADER } from './history-header.js';
import { InvalidRequestError } from '../errors/gateway.error.js';

/** Header of each thing that a request may ask of its routing. */
export const ROUTING_HEADERS = {
  /** Models to fall back on, separated by commas. */
  models: 'x-llmhub-models',
  /** OpenRouter's `provider`, as JSON. */
  provider: 'x-llmhub-provider',
  maxAttempts: 'x-llmhub-max-attempts',
  timeoutMs: 'x-llmhub-timeout-ms',
  /** For the rules of policies, as is the metadata. */
  tags: TAGS_HEADER,
  /** A JSON object of texts, numbers, true or false. */
  metadata: 'x-llmhub-metadata',
} as const;

/** Asks for a mode in which nothing gets lost. */
export const STRICT_HEADER = 'x-llmhub-strict';

const PREFIX = 'x-llmhub-';
const NAMES = new Map<string, keyof typeof ROUTING_HEADERS>(
  Object.entries(ROUTING_HEADERS).map(([name, header]) => [header, name as keyof typeof ROUTING_HEADERS]),
);
/** Those that others read. */
const OTHERS: ReadonlySet<string> = new Set([
  ...Object.values(CACHE_HEADERS),
  DEADLINE_HEADER,
  HISTORY_HEADER,
  STRICT_HEADER,
  USER_HEADER,
]);
/** What our answers have: clients and proxies that carry it into the next request mean nothing by it. */
const OF_ANSWERS =
  /^x-llmhub-(attempts|cost-usd|model|original-request-id|route|simulated|warnings|upstream-.*)$/;

/** What one request asks of its routing in headers, as it came: `routing` reads it. */
export type RoutingHeaders = Partial<Record<keyof typeof ROUTING_HEADERS, string>>;

/**
 * Null when there are none, which is nearly always.
 *
 * @throws InvalidRequestError (400) for a header that looks as if it were for us, and is unknown: a wish with a slip of the pen
 * would be passed over without a word
 */
export function routingHeaders(headers: IncomingHttpHeaders): RoutingHeaders | null {
  let found: Record<string, string> | null = null;
  for (const header in headers) {
    if (header.startsWith(PREFIX)) {
      const name = NAMES.get(header);
      const value = headers[header];
      if (name && typeof value === 'string') {
        found ??= {};
        found[name] = value;
      } else if (!name) {
        assertKnown(header);
      }
    }
  }
  return found;
}

function assertKnown(header: string): void {
  if (!OTHERS.has(header) && !OF_ANSWERS.test(header)) {
    const known = [...NAMES.keys(), ...OTHERS].join(', ');
    const shown = header.slice(0, 80);
    throw new InvalidRequestError(`The header '${shown}' is not known here. Use ${known}.`, shown);
  }
}
