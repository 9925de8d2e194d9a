import type { ClientDialect } from '../domain/dialect.js';
import { writeAnswer } from './answer.writer.js';
import { writeAnthropicError, writeStreamError } from './error.writer.js';
import { anthropicMessagesPassage } from './passage.js';
import { readRequest } from './request.reader.js';
import { MessagesStreamWriter } from './stream.writer.js';

/** Anthropic's Messages API, as callers of POST /v1/messages speak it. */
export const anthropicMessagesClient: ClientDialect = {
  id: 'anthropic-messages',
  passage: anthropicMessagesPassage,
  readRequest,
  writeAnswer,
  streamWriter: (_request, meta) => new MessagesStreamWriter(meta),
  writeError: writeAnthropicError,
  writeStreamError,
};
