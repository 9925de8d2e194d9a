import type { TokenCount } from '../serve-token-count.js';
import { openAiResponses } from './dialect.js';

/** OpenAI's `/v1/responses/input_tokens`. */
export const responsesCount: TokenCount = {
  dialect: openAiResponses,
  readPrompt: request => {
    openAiResponses.check(request);
    return openAiResponses.readPrompt(request);
  },
  body: tokens => ({ object: 'response.input_tokens', input_tokens: tokens }),
};
