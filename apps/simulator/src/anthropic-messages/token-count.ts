import { require400 } from '../refusal.js';
import type { TokenCount } from '../serve-token-count.js';
import { anthropicMessages } from './dialect.js';

/** What belongs to the answer only. */
const REFUSED = ['max_tokens', 'stream', 'stop_sequences', 'temperature', 'top_p', 'top_k', 'metadata'];

/** Anthropic's `/v1/messages/count_tokens`. */
export const messagesCount: TokenCount = {
  dialect: anthropicMessages,
  readPrompt: request => {
    const extra = REFUSED.find(name => request.body[name] !== undefined);
    require400(extra === undefined, `${extra}: Extra inputs are not permitted`);
    const chat = { ...request, body: { ...request.body, max_tokens: 1 } };
    anthropicMessages.check(chat);
    return anthropicMessages.readPrompt(chat);
  },
  body: tokens => ({ input_tokens: tokens }),
};
