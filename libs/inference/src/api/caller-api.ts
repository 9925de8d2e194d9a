import type { IncomingMessage } from 'node:http';

/** Whose API a caller speaks, as far as shapes differ. */
export type CallerApi = 'openai' | 'anthropic' | 'gemini';

type Asking = Pick<IncomingMessage, 'method' | 'headers' | 'url'> & { readonly originalUrl?: string };

/** Paths of three APIs; those of them that are not served here are refused in the words of their caller, too. */
const SHARED = /^\/v1\/(models|files|batches)\b/;

/** By the address; clients of the paths that several APIs have show themselves by their headers. */
export function apiOf({ method, headers, originalUrl, url = '' }: Asking): CallerApi {
  const address = originalUrl ?? url;
  if (/^\/anthropic\/|^\/v1\/messages\b/.test(address)) {
    return 'anthropic';
  }
  const isMethodOfModel = method === 'POST' && /^\/v1\/models\/[^?]*:/.test(address);
  if (isMethodOfModel || /^\/(v1beta|v1alpha|google)\/|^\/ws\/google\./.test(address)) {
    return 'gemini';
  }
  if (!SHARED.test(address)) {
    return 'openai';
  }
  if (headers['x-goog-api-key'] !== undefined || /[?&]key=/.test(address)) {
    return 'gemini';
  }
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic';
}
