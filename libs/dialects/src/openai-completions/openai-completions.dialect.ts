import type { ClientDialect, VendorDialect } from '../domain/dialect.js';
import * as chat from '../openai-chat/answer.reader.js';
import { writeOpenAiError, writeStreamError } from '../openai-chat/error.writer.js';
import { FIELD_NAMES } from '../openai-chat/field-names.js';
import { openAiChatVendor } from '../openai-chat/openai-chat.dialect.js';
import { membersToSet, openAiChatPassage } from '../openai-chat/passage.js';
import { writeAnswer } from './answer.writer.js';
import { asChat } from './as-chat.js';
import { readRequest } from './request.reader.js';
import { writeRequest } from './request.writer.js';
import { CompletionStreamReader } from './stream.reader.js';
import { CompletionStreamWriter } from './stream.writer.js';

/** OpenAI's legacy completions, as callers of POST /v1/completions speak them. */
export const openAiCompletionsClient: ClientDialect = {
  id: 'openai-completions',
  fieldNames: new Map([...FIELD_NAMES, ['messages', 'prompt'], ['messages.content', 'prompt']]),
  readRequest,
  writeAnswer,
  streamWriter: (request, meta) => new CompletionStreamWriter(request, meta),
  writeError: writeOpenAiError,
  writeStreamError,
  passage: { ...openAiChatPassage, fits: () => true, members: membersToSet },
};

/** Legacy completions at the vendors that still have them; errors and lists of models are chat's. */
export const openAiCompletionsVendor: VendorDialect = {
  ...openAiChatVendor,
  id: 'openai-completions',
  path: () => '/completions',
  writeRequest,
  readAnswer: (body, target) => chat.readAnswer(asChat(body, 'message'), target),
  readSummary: (body, target) => chat.readSummary(asChat(body, 'message'), target),
  streamReader: target => new CompletionStreamReader(target),
  token: /"text":\s*"[^"]/,
};
