import { summaryOf } from '../domain/answer.js';
import type { VendorDialect } from '../domain/dialect.js';
import { readAnswer } from './answer.reader.js';
import { readError } from './error.reader.js';
import { anthropicModels } from './models.js';
import { writeRequest } from './request.writer.js';
import { AnthropicStreamReader } from './stream.reader.js';

/** What says how to answer says nothing about how long the question is. */
const NOT_COUNTED: ReadonlySet<string> = new Set([
  'container',
  'max_tokens',
  'metadata',
  'service_tier',
  'stop_sequences',
  'stream',
  'temperature',
  'top_k',
  'top_p',
]);
const VERSION = { 'anthropic-version': '2026-10-21' };
const VERSION_WITH_SAMPLING = { 'anthropic-version': '2023-06-01' };

/** Anthropic's Messages API. https://platform.claude.com/docs/en/api/messages */
export const anthropicMessagesVendor: VendorDialect = {
  id: 'anthropic-messages',
  headers: VERSION,
  path: () => '/v1/messages',
  /** Sampling settings, written for old models only, give 400 under the current version even at their defaults. */
  requestHeaders: body =>
    'temperature' in body || 'top_p' in body || 'top_k' in body ? VERSION_WITH_SAMPLING : VERSION,
  writeRequest,
  readAnswer,
  readSummary: (body, target) => summaryOf(readAnswer(body, target)),
  streamReader: target => new AnthropicStreamReader(target),
  token: /"(?:text|thinking|partial_json|signature|data)":\s*"[^"]|"type":\s*"[a-z_]*tool_(?:use|result)"/,
  models: anthropicModels,
  tokenCount: { path: () => '/v1/messages/count_tokens', refused: NOT_COUNTED },
  readError,
};
