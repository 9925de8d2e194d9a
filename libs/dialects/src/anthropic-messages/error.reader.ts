import { redact, UpstreamError } from '@app/shared';
import type { VendorFailure } from '../domain/dialect.js';
import { statusOf } from '../domain/error-words.js';
import { ERROR_WORDS } from './error-words.js';
import { readRetryAfter } from '../domain/retry-after.js';
import { isObject, stringOr, type Wire } from '../domain/wire.js';

/** Trying again cannot help: the operator's account must be put right first. */
const FINAL_CODES = new Set([
  'contract_spend_limit_reached',
  'enforced_spend_limit_reached',
  'linked_organization_billing_unavailable',
  'linked_organization_spend_limit_reached',
  'organization_on_hold',
]);

export interface VendorErrorBody {
  readonly type: string;
  readonly message: string;
  readonly code: string | null;
}

/** Status of an error that came without one: inside a stream, or in a body whose status was 200. */
export function statusOfType(type: string): number {
  return statusOf(ERROR_WORDS, type) ?? 500;
}

/** Any error answer of the vendor, HTML and nothing included. */
export function readError({ vendor, status, headers, body }: VendorFailure): UpstreamError {
  const error = readErrorBody(parse(body));
  return new UpstreamError({
    vendor,
    upstreamStatus: status,
    message: messageFor(vendor, status, error),
    code: error?.code ?? undefined,
    retryAfterMs: readRetryAfter(headers),
    final: isFinal(status, error) || headers['x-should-retry'] === 'false',
    ...(error && { cause: new Error(error.message) }),
  });
}

/** The error that a body with status 200 holds. */
export function errorFromBody(body: Wire, vendor: string): UpstreamError {
  const error = readErrorBody(body);
  const status = statusOfType(error?.type ?? '');
  return new UpstreamError({
    vendor,
    upstreamStatus: status,
    message: messageFor(vendor, status, error),
    code: error?.code ?? undefined,
    final: isFinal(status, error),
  });
}

/** `{type: 'error', error: {type, message, details}}`; null when it is something else. */
export function readErrorBody(body: unknown): VendorErrorBody | null {
  const error = isObject(body) ? body['error'] : null;
  if (!isObject(error)) {
    return null;
  }
  const details = isObject(error['details']) ? error['details'] : {};
  return {
    type: stringOr(error['type'], ''),
    message: redact(stringOr(error['message'], '')),
    code: stringOr(details['error_code'], null),
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

/** What went wrong with the operator's account is for the log (`cause`), not for the caller. */
function messageFor(vendor: string, status: number, error: VendorErrorBody | null): string {
  if (status === 401 || status === 402 || status === 403) {
    return `The vendor '${vendor}' refused the gateway's own key or account (status ${status}).`;
  }
  return error?.message || `The vendor '${vendor}' answered with status ${status} and no explanation.`;
}

function isFinal(status: number, error: VendorErrorBody | null): boolean {
  return status === 402 || error?.type === 'billing_error' || FINAL_CODES.has(error?.code ?? '');
}
