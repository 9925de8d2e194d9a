import { redact, UpstreamError } from '@app/shared';
import type { VendorFailure } from '../domain/dialect.js';
import { readRetryAfter } from '../domain/retry-after.js';
import { describeError, type EmbeddedError } from './embedded-error.js';

const MAX_MESSAGE = 2000;

/** Trying again cannot help: the account is empty, not busy. https://platform.openai.com/docs/guides/error-codes */
const FINAL_CODES: ReadonlySet<string> = new Set([
  'billing_hard_limit_reached',
  'credit_balance_exhausted',
  'insufficient_quota',
]);

/** The vendor's error from whatever it answered. Its message never holds a key. */
export function readError({ vendor, status, headers, body }: VendorFailure): UpstreamError {
  const error = parse(body);
  return new UpstreamError({
    vendor,
    upstreamStatus: status,
    message: messageFor(vendor, status, error),
    type: error?.type,
    code: error?.code,
    param: error?.param,
    retryAfterMs: readRetryAfter(headers),
    final: status === 402 || FINAL_CODES.has(error?.code ?? '') || headers['x-should-retry'] === 'false',
  });
}

/** An error that came with status 200, in a body or a stream. */
export function upstreamError(vendor: string, error: EmbeddedError): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: error.status,
    message: safeMessage(error) || `The vendor '${vendor}' reported an error without a message.`,
    type: error.type,
    code: error.code,
    param: error.param,
    final: FINAL_CODES.has(error.code ?? ''),
  });
}

export function safeMessage({ message }: EmbeddedError): string {
  return redact(message).slice(0, MAX_MESSAGE);
}

function parse(body: string): EmbeddedError | null {
  try {
    return describeError(JSON.parse(body));
  } catch {
    return null;
  }
}

/** On 401, 402 and 403 the operator's account is at fault, which is nothing to show to callers. */
function messageFor(vendor: string, status: number, error: EmbeddedError | null): string {
  if (status === 401 || status === 403) {
    return `The vendor '${vendor}' refused the gateway's credentials (status ${status}).`;
  }
  if (status === 402) {
    return `The vendor '${vendor}' asks for payment: the account behind the gateway is empty.`;
  }
  return (
    (error && safeMessage(error)) || `The vendor '${vendor}' answered status ${status} without saying why.`
  );
}
