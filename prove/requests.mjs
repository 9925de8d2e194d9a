// One call of each kind: endpoint × vendor × whole or streamed, small and with a limit to the answer.
import { pick } from './random.mjs';

const MOST_TOKENS = 60;

const chat = (model, stream) => text => ({
  path: '/v1/chat/completions',
  body: {
    model,
    stream,
    ...(stream && { stream_options: { include_usage: true } }), // the cost is told with the usage
    max_tokens: MOST_TOKENS,
    messages: [{ role: 'user', content: text }],
  },
});
const responses = (model, stream) => text => ({
  path: '/v1/responses',
  body: { model, stream, store: false, max_output_tokens: MOST_TOKENS, input: text },
});
const messages = (model, stream) => text => ({
  path: '/v1/messages',
  body: { model, stream, max_tokens: MOST_TOKENS, messages: [{ role: 'user', content: text }] },
});
const gemini = (model, stream) => text => ({
  path: `/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
  body: {
    contents: [{ role: 'user', parts: [{ text }] }],
    generationConfig: { maxOutputTokens: MOST_TOKENS },
  },
});
const embeddings = model => text => ({ path: '/v1/embeddings', body: { model, input: text } });

const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-4-5', 'google/gemini-2.5-flash'];

export const KINDS = [
  ...[chat, responses, messages].flatMap(kind =>
    MODELS.flatMap(model => [kind(model, false), kind(model, true)]),
  ),
  gemini('gemini-2.5-flash', false),
  gemini('gemini-2.5-flash', true),
  embeddings('openai/text-embedding-3-small'),
  embeddings('openai/text-embedding-3-small'),
];

const PACES = ['', '', '[[sim:fault pace=10]]', '[[sim:fault pace=40]]', '[[sim:fault delay=100]]'];

/** Answered this long after it came to the vendor, at least. */
export function delayed(ms) {
  return `[[sim:fault delay=${ms}]]`;
}

/** A call that the simulator answers with some words and gives a receipt for. @param how a pace; null: any of them */
export function aRequest(random, name, how) {
  const words = 2 + Math.floor(random() * 30);
  const pace = how ?? pick(random, PACES);
  return pick(random, KINDS)(`[[sim:receipt ${name}]] [[sim:count ${words}]] ${pace} How are you?`);
}
