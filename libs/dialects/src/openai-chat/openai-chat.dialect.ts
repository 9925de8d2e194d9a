import type { ClientDialect, VendorDialect } from '../domain/dialect.js';
import { readAnswer, readSummary } from './answer.reader.js';
import { writeAnswer } from './answer.writer.js';
import { readError } from './error.reader.js';
import { writeOpenAiError, writeStreamError } from './error.writer.js';
import { FIELD_NAMES } from './field-names.js';
import { openAiModels } from './models.js';
import { openAiChatPassage } from './passage.js';
import { readRequest } from './request.reader.js';
import { writeRequest } from './request.writer.js';
import { ChatStreamReader } from './stream.reader.js';
import { ChatStreamWriter } from './stream.writer.js';

/** OpenAI's chat completions, as callers of POST /v1/chat/completions speak them. */
export const openAiChatClient: ClientDialect = {
  id: 'openai-chat',
  passage: openAiChatPassage,
  fieldNames: FIELD_NAMES,
  readRequest,
  writeAnswer,
  streamWriter: (request, meta) => new ChatStreamWriter(request, meta),
  writeError: writeOpenAiError,
  writeStreamError,
};

/** OpenAI's chat completions, as OpenAI and the many vendors compatible with it speak them. */
export const openAiChatVendor: VendorDialect = {
  id: 'openai-chat',
  path: () => '/chat/completions',
  headers: {},
  tierMember: 'service_tier',
  writeRequest,
  readAnswer,
  readSummary,
  streamReader: (target, spoken) => new ChatStreamReader(target, spoken === 'openai-chat'),
  token:
    /"(?:content|reasoning|reasoning_content|refusal|text|thinking|arguments|data|transcript)":\s*"[^"]|"tool_calls":\s*\[/,
  models: openAiModels,
  readError,
};
