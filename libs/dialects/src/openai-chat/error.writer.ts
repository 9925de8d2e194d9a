import type { GatewayError } from '@app/shared';
import { toJson } from '../domain/wire.js';

/** The body that OpenAI's SDKs turn into their error classes. */
export function writeOpenAiError(error: GatewayError): Record<string, unknown> {
  const { message, type, param, code, metadata } = error;
  return { error: { message, type, param, code, ...(metadata && { metadata }) } };
}

/** The last event of a stream that failed: no `[DONE]` follows, and the SDKs throw. */
export function writeStreamError(error: GatewayError): string {
  return `data: ${toJson(writeOpenAiError(error))}\n\n`;
}
