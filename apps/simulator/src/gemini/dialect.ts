import type { ChatDialect, ChatRequest } from '../chat-dialect.js';
import { Refusal } from '../refusal.js';
import { wholeAnswer } from './answer.js';
import { checkContents } from './check-contents.js';
import { checkKey, checkModalities, checkSettings } from './check-request.js';
import { checkSignatures } from './check-signatures.js';
import { errorBody } from './errors.js';
import { field } from './fields.js';
import { readPrompt } from './prompt.js';
import { isEventStream, streamFrames } from './stream.js';

const STREAM_METHOD = 'streamGenerateContent';

/** Gemini's generateContent, whole, as events, and as one JSON array that grows. */
export const gemini: ChatDialect = {
  vendor: 'google',
  check: request => {
    checkKey(request);
    const { model } = target(request);
    if (model === 'no-such-model') {
      throw new Refusal(404, `models/${model} is not found for API version v1beta.`);
    }
    checkSettings(request.body);
    checkModalities(request.body, model);
    checkContents(request.body);
    checkSignatures(request.body, model);
  },
  readPrompt: request => readPrompt(request.body, target(request).model),
  choices: ({ body }) => Number(field(field(body, 'generationConfig'), 'candidateCount') ?? 1),
  isStream: request => target(request).method === STREAM_METHOD,
  streamType: request =>
    isEventStream(request.url) ? 'text/event-stream' : 'application/json; charset=UTF-8',
  whole: wholeAnswer,
  frames: streamFrames,
  errorBody,
  errorFrame: ({ url }) => {
    const error = JSON.stringify(
      errorBody(new Refusal(503, 'The model is overloaded. Please try again later.')),
    );
    return isEventStream(url) ? `data: ${error}\r\n\r\n` : `,\r\n${error}]`;
  },
  responseHeaders: () => ({}),
};

/** Reads `/v1beta/models/{model}:{method}`. */
export function target({ url }: ChatRequest): { readonly model: string; readonly method: string } {
  const [, model = '', method = ''] = /\/models\/(.+):(\w+)$/.exec(decodeURIComponent(url.pathname)) ?? [];
  return { model, method };
}
