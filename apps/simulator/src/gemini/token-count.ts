import { isObject } from '../json.js';
import { require400 } from '../refusal.js';
import type { TokenCount } from '../serve-token-count.js';
import { checkContents } from './check-contents.js';
import { checkKey } from './check-request.js';
import { gemini, target } from './dialect.js';
import { field } from './fields.js';
import { readPrompt } from './prompt.js';

/** Google's `:countTokens`, of contents alone, or of a whole request that names its model again. */
export const geminiCount: TokenCount = {
  dialect: gemini,
  readPrompt: request => {
    checkKey(request);
    const { model } = target(request);
    const whole = field(request.body, 'generateContentRequest');
    require400(
      !isObject(whole) || whole.model === `models/${model}`,
      '* CountTokensRequest.generate_content_request.model: does not match the URL.',
    );
    const counted = isObject(whole) ? whole : request.body;
    checkContents(counted);
    return readPrompt(counted, model);
  },
  body: tokens => ({ totalTokens: tokens }),
};
