import type { GatewayError } from '@app/shared';
import { wordOf } from '../domain/error-words.js';
import { ERROR_WORDS } from './error-words.js';
import { writeEvent } from './stream-event.js';

/** An error as Anthropic's SDK expects it. https://platform.claude.com/docs/en/api/errors */
export function writeAnthropicError(error: GatewayError, requestId: string): Record<string, unknown> {
  const { status, message, code, metadata } = error;
  const type = wordOf(ERROR_WORDS, status) ?? (status < 500 ? 'invalid_request_error' : 'api_error');
  return {
    type: 'error',
    error: { type, message, ...(code !== null && { details: { error_code: code, ...metadata } }) },
    request_id: requestId,
  };
}

/** The last event of a stream that failed: the SDKs throw it. */
export function writeStreamError(error: GatewayError, requestId: string): string {
  return writeEvent('error', writeAnthropicError(error, requestId));
}
