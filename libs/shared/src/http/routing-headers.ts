import type { IncomingHttpHeaders } from 'node:http';

/** Header of each thing that a request may ask of its routing. */
export const ROUTING_HEADERS = {
  /** Models to fall back on, separated by commas. */
  models: 'x-llmhub-models',
  /** OpenRouter's `provider`, as JSON. */
  provider: 'x-llmhub-provider',
  maxAttempts: 'x-llmhub-max-attempts',
  timeoutMs: 'x-llmhub-timeout-ms',
  /** Separated by commas; for the rules of policies, as is the metadata. */
  tags: 'x-llmhub-tags',
  /** A JSON object of texts. */
  metadata: 'x-llmhub-metadata',
} as const;

const ENTRIES = Object.entries(ROUTING_HEADERS) as [keyof typeof ROUTING_HEADERS, string][];

/** What one request asks of its routing in headers, as it came: `routing` reads it. */
export type RoutingHeaders = Partial<Record<keyof typeof ROUTING_HEADERS, string>>;

/** Null when there are none, which is nearly always. */
export function routingHeaders(headers: IncomingHttpHeaders): RoutingHeaders | null {
  let found: Record<string, string> | null = null;
  for (const [name, header] of ENTRIES) {
    const value = headers[header];
    if (typeof value === 'string') {
      found ??= {};
      found[name] = value;
    }
  }
  return found;
}
