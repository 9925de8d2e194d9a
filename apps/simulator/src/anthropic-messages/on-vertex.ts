import type { ChatDialect, ChatRequest } from '../chat-dialect.js';
import { asText, type JsonObject } from '../json.js';
import { require400 } from '../refusal.js';
import type { TokenCount } from '../serve-token-count.js';
import { anthropicMessages } from './dialect.js';
import { messagesCount } from './token-count.js';

const METHOD = /\/models\/(.+):(streamRawPredict|rawPredict)$/;
const VERSION = 'vertex-2023-10-16';

/** Anthropic's Messages as Vertex serves them: the model in the URL, the version of the API in the body. */
export const anthropicOnVertex: ChatDialect = {
  ...anthropicMessages,
  vendor: 'vertex',
  check: request => {
    const { model, anthropic_version } = request.body;
    require400(model === undefined, 'model: Extra inputs are not permitted');
    require400(asText(anthropic_version) === VERSION, `anthropic_version: Input should be '${VERSION}'`);
    anthropicMessages.check(plain(request));
  },
  readPrompt: request => anthropicMessages.readPrompt(plain(request)),
  isStream: ({ url }) => METHOD.exec(url.pathname)?.[2] === 'streamRawPredict',
};

/** Its `count-tokens`, a model of its own in the URL: the one that is to read stands in the body. */
export const countOnVertex: TokenCount = {
  ...messagesCount,
  readPrompt: request => messagesCount.readPrompt(plain(request, asText(request.body.model))),
};

/** The request as Anthropic itself would have got it. */
function plain({ url, headers, body }: ChatRequest, named?: string): ChatRequest {
  const model = named ?? METHOD.exec(decodeURIComponent(url.pathname))?.[1] ?? '';
  const rest = Object.entries(body).filter(([name]) => name !== 'anthropic_version');
  const messages: JsonObject = { ...Object.fromEntries(rest), model };
  return { url, headers: { ...headers, 'anthropic-version': '2023-06-01' }, body: messages };
}
