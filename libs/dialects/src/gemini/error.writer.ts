import type { GatewayError } from '@app/shared';
import { toJson } from '../openai-chat/wire.js';

const WORD_OF_STATUS: Readonly<Record<number, string>> = {
  401: 'UNAUTHENTICATED',
  402: 'FAILED_PRECONDITION',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
  529: 'UNAVAILABLE',
};

const TYPE = 'type.googleapis.com/google.rpc.';

/** An error as Google's SDKs expect it. https://cloud.google.com/apis/design/errors#error_model */
export function writeGeminiError(error: GatewayError, requestId: string): Record<string, unknown> {
  const { status, message } = error;
  const word = WORD_OF_STATUS[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'INTERNAL');
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
