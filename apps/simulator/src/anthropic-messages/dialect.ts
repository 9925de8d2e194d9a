import type { ChatDialect } from '../chat-dialect.js';
import { wholeAnswer } from './answer.js';
import { checkMessages } from './check-messages.js';
import { checkHeaders, checkSettings } from './check-request.js';
import { checkThinking } from './check-thinking.js';
import { errorBody } from './errors.js';
import { readPrompt } from './prompt.js';
import { streamFrames } from './stream.js';

/** Anthropic's Messages, in both API versions. */
export const anthropicMessages: ChatDialect = {
  vendor: 'anthropic',
  check: ({ headers, body }) => {
    const version = checkHeaders(headers);
    checkSettings(body, version);
    checkMessages(body, version);
    checkThinking(body);
  },
  readPrompt: ({ body }) => readPrompt(body),
  choices: () => 1,
  isStream: ({ body }) => body.stream === true,
  streamType: () => 'text/event-stream; charset=utf-8',
  whole: wholeAnswer,
  frames: streamFrames,
  errorBody,
  errorFrame: () =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })}\n\n`,
  responseHeaders: id => ({ 'request-id': `req_sim_${id}` }),
};
