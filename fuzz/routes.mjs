// What is asked: each route with right bodies, at a vendor that gets the caller's bytes and at some that do not.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chatBodies, geminiBodies, messagesBodies, responsesBodies } from './conversations.mjs';

const HELLO = readFileSync(join(import.meta.dirname, '../samples/hello.wav'));
/** A picture of one pixel. */
const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const OPENAI = 'openai/gpt-5-mini';
const CLAUDE = 'anthropic/claude-sonnet-5';
const GEMINI = 'google/gemini-3-flash';
const MISTRAL = 'mistral/mistral-large-latest';

/**
 * @typedef {object} Route
 * @property {string} path
 * @property {'openai' | 'anthropic' | 'gemini'} api in whose words it says errors
 * @property {'json' | 'form' | 'none'} kind of its bodies
 * @property {object[]} bodies right ones
 * @property {string} [method] where it is not POST
 */

/** @returns {Route[]} */
function json(path, api, models, bodies) {
  return models.map(model => ({
    path,
    api,
    kind: 'json',
    bodies: bodies.map(body => ({ model, ...body })),
  }));
}

function gemini(method, models, bodies, prefix = '/v1beta') {
  return models.map(model => ({
    path: `${prefix}/models/${model}:${method}`,
    api: 'gemini',
    kind: 'json',
    bodies,
  }));
}

function form(path, fields, files) {
  return [{ path, api: 'openai', kind: 'form', bodies: [{ fields, files }] }];
}

/** What a body must not hold where its tokens are counted. */
const ANSWERING = [
  'max_tokens',
  'max_output_tokens',
  'stream',
  'store',
  'metadata',
  'include',
  'stop_sequences',
];
const counted = bodies =>
  bodies.map(body => Object.fromEntries(Object.entries(body).filter(([name]) => !ANSWERING.includes(name))));
const embedded = { content: { parts: [{ text: 'a' }] }, taskType: 'RETRIEVAL_QUERY' };
const wav = { field: 'file', name: 'hello.wav', mime: 'audio/wav', bytes: HELLO };
const png = { field: 'image', name: 'mine.png', mime: 'image/png', bytes: PIXEL };
const none = (path, api, method = 'GET') => ({ path, api, method, kind: 'none', bodies: [{}] });

/** @type {Route[]} */
export const routes = [
  ...json('/v1/chat/completions', 'openai', [OPENAI, CLAUDE, GEMINI, MISTRAL], chatBodies),
  ...json('/v1/responses', 'openai', [OPENAI, CLAUDE, GEMINI, MISTRAL], responsesBodies),
  ...json('/v1/messages', 'anthropic', [CLAUDE, OPENAI, GEMINI, MISTRAL], messagesBodies),
  ...json('/anthropic/v1/messages', 'anthropic', [CLAUDE], messagesBodies),
  ...gemini('generateContent', [GEMINI, OPENAI, CLAUDE, MISTRAL], geminiBodies),
  ...gemini('generateContent', [CLAUDE], geminiBodies, '/v1'),
  ...gemini('streamGenerateContent?alt=sse', [GEMINI, OPENAI, CLAUDE], geminiBodies),
  ...gemini('streamGenerateContent', [GEMINI, CLAUDE], geminiBodies, '/v1alpha'),
  ...json('/v1/messages/count_tokens', 'anthropic', [CLAUDE, GEMINI, MISTRAL], counted(messagesBodies)),
  ...json('/v1/responses/input_tokens', 'openai', [OPENAI, CLAUDE], counted(responsesBodies)),
  ...gemini('countTokens', [GEMINI, OPENAI], [{ contents: geminiBodies[0].contents }]),
  ...json(
    '/v1/completions',
    'openai',
    ['openai/gpt-3.5-turbo-instruct', CLAUDE],
    [
      { prompt: ['Once upon'], max_tokens: 20, temperature: 0.5, stop: ['END'], user: 'u-1' },
      { prompt: 'Once upon', max_tokens: 20, stream: true, stream_options: { include_usage: true } },
    ],
  ),
  ...json(
    '/v1/embeddings',
    'openai',
    ['openai/text-embedding-3-small', 'google/gemini-embedding-001', 'cohere/embed-v4.0', 'voyage/voyage-3'],
    [{ input: ['a', 'b'], dimensions: 256, encoding_format: 'base64', user: 'u-1' }, { input: 'a' }],
  ),
  ...gemini('embedContent', ['google/gemini-embedding-001', 'cohere/embed-v4.0'], [embedded]),
  ...gemini(
    'batchEmbedContents',
    ['google/gemini-embedding-001'],
    [{ requests: [{ model: 'models/gemini-embedding-001', ...embedded }] }],
  ),
  ...json(
    '/v1/moderations',
    'openai',
    ['openai/omni-moderation-latest', 'mistral/mistral-moderation-latest'],
    [{ input: ['a', 'b'] }, { input: 'a' }],
  ),
  ...json(
    '/v1/rerank',
    'openai',
    ['cohere/rerank-v3.5', 'voyage/rerank-2.5', 'jina/jina-reranker-v3'],
    [{ query: 'a', documents: ['a', 'b'], top_n: 1, return_documents: true }],
  ),
  ...json(
    '/v1/images/generations',
    'openai',
    ['openai/gpt-image-1', 'google/gemini-2.5-flash-image'],
    [{ prompt: 'A red bicycle.', n: 1, size: '1024x1024', quality: 'low' }],
  ),
  ...json(
    '/v1/images/edits',
    'openai',
    ['openai/gpt-image-1'],
    [{ prompt: 'Bluer.', images: [{ image_url: `data:image/png;base64,${PIXEL.toString('base64')}` }] }],
  ),
  ...form('/v1/images/edits', { model: 'openai/gpt-image-1', prompt: 'Bluer.', n: '1' }, [png]),
  ...form('/v1/images/variations', { model: 'dall-e-2', n: '1' }, [png]),
  ...json(
    '/v1/audio/speech',
    'openai',
    ['openai/gpt-4o-mini-tts', 'groq/playai-tts'],
    [
      { input: 'Hi.', voice: 'alloy', response_format: 'wav', speed: 1 },
      { input: 'Hi.', voice: { id: 'v-1' } },
    ],
  ),
  ...form('/v1/audio/transcriptions', { model: 'whisper-1', response_format: 'json', language: 'en' }, [wav]),
  ...form('/v1/audio/transcribe', { model: 'gpt-4o-transcribe', stream: 'true', temperature: '0' }, [wav]),
  ...form('/v1/audio/translations', { model: 'whisper-1', response_format: 'srt', temperature: '0' }, [wav]),
  none('/v1/models', 'openai'),
  none('/v1/models/openai/gpt-5-mini', 'openai'),
  none('/v1beta/models', 'gemini'),
  { ...none('/v1/responses/resp_1', 'openai'), bodies: [] },
  { ...none('/v1/responses/resp_1', 'openai', 'DELETE'), bodies: [] },
];
