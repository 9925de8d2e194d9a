import type { GatewayError } from '@app/shared';
import { writeEvent } from './stream-event.js';

const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  503: 'overloaded_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

/** An error as Anthropic's SDK expects it. https://platform.claude.com/docs/en/api/errors */
export function writeAnthropicError(error: GatewayError, requestId: string): Record<string, unknown> {
  const { status, message, code } = error;
  const type = TYPE_OF_STATUS[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    type: 'error',
    error: { type, message, ...(code !== null && { details: { error_code: code } }) },
    request_id: requestId,
  };
}

/** The last event of a stream that failed: the SDKs throw it. */
export function writeStreamError(error: GatewayError, requestId: string): string {
  return writeEvent('error', writeAnthropicError(error, requestId));
}
