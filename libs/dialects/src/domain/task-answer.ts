import { UpstreamError } from '@app/shared';
import { findError } from '../openai-chat/embedded-error.js';
import { upstreamError } from '../openai-chat/error.reader.js';
import type { Usage } from './usage.js';
import { isObject, numberOr, recordOr, type Wire } from './wire.js';

/** The body as an object. @throws UpstreamError when it is none, or an error in disguise */
export function answerObject(body: unknown, vendor: string, what: string): Wire {
  const error = findError(body);
  if (error) {
    throw upstreamError(vendor, error);
  }
  if (!isObject(body)) {
    throw noAnswer(vendor, what);
  }
  return body;
}

/** @param what the answer should have been: `no embeddings` */
export function noAnswer(vendor: string, what: string): UpstreamError {
  return new UpstreamError({
    vendor,
    upstreamStatus: null,
    code: 'malformed_answer',
    message: `The vendor '${vendor}' answered something that holds ${what}.`,
  });
}

/** `{prompt_tokens, completion_tokens, total_tokens}`, of which some vendors tell only the last; null without any. */
export function readTaskUsage(value: unknown): Usage | null {
  const usage = recordOr(value);
  const outputTokens = numberOr(usage['completion_tokens'], 0);
  const total = numberOr(usage['total_tokens'], undefined);
  const inputTokens = numberOr(
    usage['prompt_tokens'],
    total === undefined ? undefined : total - outputTokens,
  );
  return inputTokens === undefined ? null : { inputTokens, outputTokens };
}

/** Cohere's `meta`: what it bills, by tokens or by searches (each of up to 100 documents). */
export function readBilledUnits(meta: unknown): Usage | null {
  const units = recordOr(recordOr(meta)['billed_units']);
  const tokens = numberOr(units['input_tokens'], undefined);
  const searchUnits = numberOr(units['search_units'], undefined);
  if (tokens === undefined && searchUnits === undefined) {
    return null;
  }
  return { inputTokens: tokens ?? 0, outputTokens: 0, ...(searchUnits !== undefined && { searchUnits }) };
}
