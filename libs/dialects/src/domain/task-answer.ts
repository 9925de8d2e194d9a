import { UpstreamError } from '@app/shared';
import { findError } from '../openai-chat/embedded-error.js';
import { upstreamError } from '../openai-chat/error.reader.js';
import { meantUsage, readCount, type Usage } from './usage.js';
import { isObject, recordOr, type Wire } from './wire.js';

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

/** `{prompt_tokens, completion_tokens, total_tokens}`, of which some vendors tell only the last; null without any that is meant. */
export function readTaskUsage(value: unknown): Usage | null {
  const usage = recordOr(value);
  const outputTokens = readCount(usage['completion_tokens']) ?? 0;
  const total = readCount(usage['total_tokens']);
  const inputTokens =
    readCount(usage['prompt_tokens']) ?? (total === undefined ? undefined : total - outputTokens);
  return inputUsage(inputTokens, outputTokens);
}

/** What a task read, which is nearly all that it uses. @param inputTokens as of `readCount` */
export function inputUsage(inputTokens: number | undefined, outputTokens = 0): Usage | null {
  return inputTokens === undefined ? null : meantUsage({ inputTokens, outputTokens });
}

/** Cohere's `meta`: what it bills, by tokens or by searches (each of up to 100 documents). */
export function readBilledUnits(meta: unknown): Usage | null {
  const units = recordOr(recordOr(meta)['billed_units']);
  const tokens = readCount(units['input_tokens']);
  const searchUnits = readCount(units['search_units']);
  if (tokens === undefined && searchUnits === undefined) {
    return null;
  }
  const read = {
    inputTokens: tokens ?? 0,
    outputTokens: 0,
    ...(searchUnits !== undefined && { searchUnits }),
  };
  return meantUsage(read);
}
