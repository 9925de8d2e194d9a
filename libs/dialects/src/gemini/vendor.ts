import { summaryOf } from '../domain/answer.js';
import type { VendorDialect } from '../domain/dialect.js';
import { readAnswer } from './answer.reader.js';
import { readError } from './error.reader.js';
import { geminiImages } from './images.js';
import { geminiModels } from './models.js';
import { modelPath } from './model-path.js';
import { writeRequest } from './request.writer.js';
import { GeminiStreamReader } from './stream.reader.js';

/** Google's generateContent. https://ai.google.dev/api/generate-content */
export const geminiVendor: VendorDialect = {
  id: 'gemini',
  headers: {},
  path: (model, stream) =>
    `/v1beta/${modelPath(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  tierMember: 'serviceTier',
  writeRequest,
  readAnswer,
  readSummary: (body, target) => summaryOf(readAnswer(body, target)),
  streamReader: target => new GeminiStreamReader(target),
  token:
    /"(?:text|thoughtSignature)":\s*"[^"]|"(?:functionCall|inlineData|executableCode|codeExecutionResult)":\s*\{/,
  models: geminiModels,
  images: geminiImages,
  tokenCount: {
    path: model => `/v1beta/${modelPath(model)}:countTokens`,
    refused: new Set(),
    // Contents could stand alone, but nothing else that is read with them.
    body: (request, model) => ({
      generateContentRequest: { ...request, model: `models/${model.replace(/^models\//, '')}` },
    }),
  },
  readError,
};
