import { redact, UpstreamError } from '@app/shared';
import type { VendorFailure } from '../domain/dialect.js';
import { statusOf } from '../domain/error-words.js';
import { ERROR_WORDS } from './error-words.js';
import { readRetryAfter } from '../domain/retry-after.js';
import { isObject, numberOr, recordsOf, stringOr, type Wire } from '../domain/wire.js';

/** Google's newer keys, and `key=…` outside of an address; `redact` knows the rest. Linear in any text. */
const KEYS = /\bAQ\.[\w-]{8,}|(?<=\bkey[=:]\s{0,8})[^\s&"',]+/gi;

/** Any error answer of the vendor, HTML and nothing included. */
export function readError({ vendor, status, headers, body }: VendorFailure): UpstreamError {
  const error = findError(parse(body));
  return toError(vendor, error ? actualStatus(error, status) : status, error, retryAfterMs(error, headers));
}

/** The error that a body with status 200 or an event of a stream holds. */
export function errorFromBody(body: unknown, vendor: string): UpstreamError {
  const error = findError(body) ?? {};
  const code = numberOr(error['code'], 0);
  const word = stringOr(error['status'], '');
  const status = code >= 400 && code <= 599 ? code : (statusOf(ERROR_WORDS, word) ?? 500);
  return toError(vendor, actualStatus(error, status), error, retryAfterMs(error, {}));
}

/** `{error: {code, message, status, details}}`, which may come in an array; null when the body is no error. */
export function findError(body: unknown): Wire | null {
  const first: unknown = Array.isArray(body) ? body[0] : body;
  return isObject(first) && isObject(first['error']) ? first['error'] : null;
}

function toError(
  vendor: string,
  status: number,
  error: Wire | null,
  retryAfterMs: number | undefined,
): UpstreamError {
  const said = withoutKeys(stringOr(error?.['message'], ''));
  return new UpstreamError({
    vendor,
    upstreamStatus: status,
    message: messageFor(vendor, status, said),
    code: status === 429 ? undefined : stringOr(error?.['status'], '') || undefined,
    retryAfterMs,
    final: status === 402,
    ...(said && { cause: new Error(said) }),
  });
}

/** Google calls a wrong key an invalid argument. */
function actualStatus(error: Wire, status: number): number {
  const reasons = recordsOf(error['details']).map(({ reason }) => reason);
  const badKey =
    reasons.includes('API_KEY_INVALID') ||
    /^API key (not valid|expired)/.test(stringOr(error['message'], ''));
  return status === 400 && badKey ? 401 : status;
}

/** What is wrong with the operator's key or account is for the log (`cause`), not for the caller. */
function messageFor(vendor: string, status: number, said: string): string {
  if (status === 401 || status === 402 || status === 403) {
    return `The vendor '${vendor}' refused the gateway's own key or account (status ${status}).`;
  }
  return said || `The vendor '${vendor}' answered with status ${status} and no explanation.`;
}

function withoutKeys(text: string): string {
  return redact(text).replace(KEYS, '[redacted]');
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function retryAfterMs(error: Wire | null, headers: VendorFailure['headers']): number | undefined {
  for (const detail of recordsOf(error?.['details'])) {
    const delay = /^([\d.]+)s$/.exec(stringOr(detail['retryDelay'], ''))?.[1];
    if (delay !== undefined) {
      return Math.round(Number(delay) * 1000);
    }
  }
  return readRetryAfter(headers);
}
