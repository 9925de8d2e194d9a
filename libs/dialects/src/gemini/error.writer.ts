import type { GatewayError } from '@app/shared';
import { wordOf } from '../domain/error-words.js';
import { toJson } from '../domain/wire.js';
import { ERROR_WORDS } from './error-words.js';

const TYPE = 'type.googleapis.com/google.rpc.';

/** An error as Google's SDKs expect it. https://cloud.google.com/apis/design/errors#error_model */
export function writeGeminiError(error: GatewayError, requestId: string): Record<string, unknown> {
  const { status, message } = error;
  const word = wordOf(ERROR_WORDS, status) ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
  return { error: { code: status, message, status: word, details: details(error, requestId) } };
}

function details({ code, param, message, retryAfterMs }: GatewayError, requestId: string): object[] {
  return [
    ...(code === null ? [] : [{ '@type': `${TYPE}ErrorInfo`, reason: code.toUpperCase(), domain: 'llmhub' }]),
    ...(param === null
      ? []
      : [{ '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: param, description: message }] }]),
    ...(retryAfterMs === undefined
      ? []
      : [{ '@type': `${TYPE}RetryInfo`, retryDelay: `${Math.ceil(retryAfterMs) / 1000}s` }]),
    { '@type': `${TYPE}RequestInfo`, requestId },
  ];
}

/** The last event of a stream that failed: Google's SDKs throw when they see it. */
export function writeStreamError(error: GatewayError, requestId: string): string {
  return `data: ${toJson(writeGeminiError(error, requestId))}\r\n\r\n`;
}
