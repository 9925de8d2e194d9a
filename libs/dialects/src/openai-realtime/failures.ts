import type { LiveFailure } from '../domain/live.js';
import { objectAt, stringOr, textAt, type Wire } from '../domain/wire.js';

const STATUSES: Readonly<Record<string, number>> = {
  server_error: 500,
  rate_limit_exceeded: 429,
  rate_limit_error: 429,
  insufficient_quota: 429,
  tokens: 429,
  requests: 429,
  invalid_request_error: 400,
};
const AGAINST_POLICY = /content|policy|safety|moderation/;

/**
 * Of an answer that failed, or an `error`. Most errors are the caller's, and what a vendor does not say is its own fault only where an
 * answer failed: https://platform.openai.com/docs/api-reference/realtime-server-events/error
 */
export function failureIn(event: Wire): LiveFailure | null {
  const isError = event['type'] === 'error';
  const error = isError ? (objectAt(event, 'error') ?? {}) : errorOfAnswer(event);
  if (!error) {
    return null;
  }
  const [type, code] = [textAt(error, 'type'), textAt(error, 'code')];
  const unknown = isError || AGAINST_POLICY.test(code) ? 400 : 500;
  return {
    message: stringOr(error['message'], 'The vendor broke off the answer.'),
    type: type === '' ? null : type,
    code: code === '' ? null : code,
    status: STATUSES[code] ?? STATUSES[type] ?? unknown,
  };
}

function errorOfAnswer(event: Wire): Wire | null {
  const response = (event['type'] === 'response.done' && objectAt(event, 'response')) || {};
  const details = objectAt(response, 'status_details') ?? {};
  return response['status'] === 'failed' ? (objectAt(details, 'error') ?? {}) : null;
}
