import type { ChatDialect } from '../chat-dialect.js';
import { checkKey } from '../openai-chat/check-request.js';
import { openAiChat } from '../openai-chat/dialect.js';
import { wholeAnswer } from './answer.js';
import { checkInput } from './check-input.js';
import { checkSettings } from './check-request.js';
import { readPrompt } from './prompt.js';
import { streamFrames } from './stream.js';

/** OpenAI's Responses, without a memory: nothing is kept, whatever `store` says. */
export const openAiResponses: ChatDialect = {
  ...openAiChat,
  check: ({ headers, body }) => {
    checkKey(headers);
    checkSettings(body);
    checkInput(body);
  },
  readPrompt: ({ body }) => readPrompt(body),
  choices: () => 1,
  whole: wholeAnswer,
  frames: streamFrames,
  errorFrame: () => {
    const error = {
      type: 'error',
      code: 'server_error',
      message: 'The server had an error while processing your request.',
      param: null,
      sequence_number: 99,
    };
    return `event: error\ndata: ${JSON.stringify(error)}\n\n`;
  },
};
