import type { IncomingMessage } from 'node:http';

/** Whose API a caller speaks, as far as shapes differ. */
export type CallerApi = 'openai' | 'anthropic' | 'gemini';

type Asking = Pick<IncomingMessage, 'method' | 'headers' | 'url'> & { readonly originalUrl?: string };

/** By the address; `/v1/models` belongs to three APIs, whose clients show themselves by their headers. */
export function apiOf({ method, headers, originalUrl, url = '' }: Asking): CallerApi {
  const address = originalUrl ?? url;
  if (/^\/anthropic\/|^\/v1\/messages\b/.test(address)) {
    return 'anthropic';
  }
  const isMethodOfModel = method === 'POST' && /^\/v1\/models\/[^?]*:/.test(address);
  if (isMethodOfModel || /^\/(v1beta|v1alpha|google)\//.test(address)) {
    return 'gemini';
  }
  if (!/^\/v1\/models\b/.test(address)) {
    return 'openai';
  }
  if (headers['x-goog-api-key'] !== undefined || /[?&]key=/.test(address)) {
    return 'gemini';
  }
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}
