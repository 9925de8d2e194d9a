import type { ClientDialect, ToldCount, VendorDialect } from '../domain/dialect.js';
import { readError } from '../openai-chat/error.reader.js';
import { writeOpenAiError } from '../openai-chat/error.writer.js';
import { openAiModels } from '../openai-chat/models.js';
import { readAnswer, readSummary } from './answer.reader.js';
import { writeAnswer } from './answer.writer.js';
import { writeStreamError } from './error.writer.js';
import { FIELD_NAMES } from './field-names.js';
import { openAiResponsesPassage } from './passage.js';
import { readRequest } from './request.reader.js';
import { writeRequest } from './request.writer.js';
import { ResponsesStreamReader } from './stream.reader.js';
import { ResponsesStreamWriter } from './stream.writer.js';

/** OpenAI's Responses, as callers of POST /v1/responses speak them. */
export const openAiResponsesClient: ClientDialect = {
  id: 'openai-responses',
  passage: openAiResponsesPassage,
  fieldNames: FIELD_NAMES,
  readRequest,
  writeAnswer,
  streamWriter: (request, meta) => new ResponsesStreamWriter(request, meta),
  writeError: writeOpenAiError,
  writeStreamError,
};

/** OpenAI's Responses, as OpenAI and a few others speak them. */
export const openAiResponsesVendor: VendorDialect = {
  id: 'openai-responses',
  path: () => '/responses',
  headers: {},
  tierMember: 'service_tier',
  writeRequest,
  readAnswer,
  readSummary,
  streamReader: target => new ResponsesStreamReader(target),
  token: /"type":\s*"(?:response\.[a-z_.]+\.(?:delta|done|partial_image)|(?:function|custom_tool)_call)"/,
  models: openAiModels,
  compactionPath: '/responses/compact',
  tokenCount: { path: () => '/responses/input_tokens', refused: new Set() },
  readError,
};

/** The answer of POST /v1/responses/input_tokens. */
export const responsesCount: ToldCount = {
  field: 'input_tokens',
  write: inputTokens => ({ object: 'response.input_tokens', input_tokens: inputTokens }),
  annotated: false,
};
