import type { ChatDialect } from '../chat-dialect.js';
import { asNumber } from '../json.js';
import { wholeAnswer } from './answer.js';
import { checkMessages } from './check-messages.js';
import { checkKey, checkSettings } from './check-request.js';
import { errorBody } from './errors.js';
import { readPrompt } from './prompt.js';
import { streamFrames } from './stream.js';

/** OpenAI's Chat Completions, with the `reasoning_content` of its imitators. */
export const openAiChat: ChatDialect = {
  vendor: 'openai',
  check: ({ headers, body }) => {
    checkKey(headers);
    checkSettings(body);
    checkMessages(body);
  },
  readPrompt: ({ body }) => readPrompt(body),
  choices: ({ body }) => asNumber(body.n) ?? 1,
  isStream: ({ body }) => body.stream === true,
  streamType: () => 'text/event-stream; charset=utf-8',
  whole: wholeAnswer,
  frames: streamFrames,
  errorBody,
  errorFrame: () =>
    `data: ${JSON.stringify({
      error: {
        message: 'The server had an error while processing your request.',
        type: 'server_error',
        param: null,
        code: null,
      },
    })}\n\n`,
  responseHeaders: id => ({ 'x-request-id': `req_sim_${id}`, 'openai-processing-ms': '1' }),
};
