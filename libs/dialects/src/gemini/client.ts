import type { ClientDialect, ToldCount } from '../domain/dialect.js';
import { writeAnswer } from './answer.writer.js';
import { writeGeminiError, writeStreamError } from './error.writer.js';
import { FIELD_NAMES } from './field-names.js';
import { geminiPassage } from './passage.js';
import { readRequest } from './request.reader.js';
import { GeminiStreamWriter } from './stream.writer.js';

/** Google's generateContent, as callers of POST /v1beta/models/{model}:generateContent speak it. */
export const geminiClient: ClientDialect = {
  id: 'gemini',
  passage: geminiPassage,
  fieldNames: FIELD_NAMES,
  readRequest,
  writeAnswer,
  streamWriter: (_request, meta) => new GeminiStreamWriter(meta),
  writeError: writeGeminiError,
  writeStreamError,
};

/** The answer of POST /v1beta/models/{model}:countTokens. */
export const contentCount: ToldCount = {
  field: 'totalTokens',
  write: totalTokens => ({ totalTokens }),
  annotated: false,
};
