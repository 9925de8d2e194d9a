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

function details(
  { code, param, message, retryAfterMs, metadata }: GatewayError,
  requestId: string,
): object[] {
  const about = metadata && { metadata: inWords(metadata) };
  return [
    ...(code === null
      ? []
      : [{ '@type': `${TYPE}ErrorInfo`, reason: code.toUpperCase(), domain: 'llmhub', ...about }]),
    ...(param === null
      ? []
      : [{ '@type': `${TYPE}BadRequest`, fieldViolations: [{ field: param, description: message }] }]),
    ...(retryAfterMs === undefined
      ? []
      : [{ '@type': `${TYPE}RetryInfo`, retryDelay: `${Math.ceil(retryAfterMs) / 1000}s` }]),
    { '@type': `${TYPE}RequestInfo`, requestId },
  ];
}

/** An `ErrorInfo` holds nothing but text. */
function inWords(metadata: object): Record<string, string> {
  const known = Object.entries(metadata).filter(([, value]) => (value ?? null) !== null);
  return Object.fromEntries(
    known.map(([name, value]) => [name, typeof value === 'string' ? value : toJson(value)] as const),
  );
}

/** The last event of a stream that failed: Google's SDKs throw when they see it. */
export function writeStreamError(error: GatewayError, requestId: string): string {
  return `data: ${toJson(writeGeminiError(error, requestId))}\r\n\r\n`;
}
