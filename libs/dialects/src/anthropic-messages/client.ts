import { type GatewayError, UpstreamError } from '@app/shared';
import type { ClientDialect, ToldCount } from '../domain/dialect.js';
import { writeAnswer } from './answer.writer.js';
import { writeAnthropicError, writeStreamError } from './error.writer.js';
import { FIELD_NAMES } from './field-names.js';
import { anthropicMessagesPassage } from './passage.js';
import { readRequest } from './request.reader.js';
import { MessagesStreamWriter } from './stream.writer.js';

const OVERLOADED = 529;

/** Anthropic's own word for an overloaded vendor; clients of other APIs do not know it. */
function statusOf(error: GatewayError): number {
  const isOverloaded = error instanceof UpstreamError && error.upstreamStatus === OVERLOADED;
  return isOverloaded ? OVERLOADED : error.status;
}

/** Anthropic's Messages API, as callers of POST /v1/messages speak it. */
export const anthropicMessagesClient: ClientDialect = {
  id: 'anthropic-messages',
  passage: anthropicMessagesPassage,
  requestIdHeader: 'request-id',
  fieldNames: FIELD_NAMES,
  statusOf,
  readRequest,
  writeAnswer,
  streamWriter: (_request, meta) => new MessagesStreamWriter(meta),
  writeError: writeAnthropicError,
  writeStreamError,
};

/** The answer of POST /v1/messages/count_tokens. */
export const messagesCount: ToldCount = {
  field: 'input_tokens',
  write: inputTokens => ({ input_tokens: inputTokens }),
  annotated: true,
};
