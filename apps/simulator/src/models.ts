import { errorBody as anthropicError } from './anthropic-messages/errors.js';
import { errorBody as geminiError } from './gemini/errors.js';
import type { Exchange } from './http/exchange.js';
import { errorBody as openAiError } from './openai-chat/errors.js';
import { Refusal } from './refusal.js';

const OPENAI = ['gpt-4o', 'gpt-4o-mini', 'gpt-5', 'gpt-5-mini', 'whisper-1', 'gpt-4o-transcribe'];
const ANTHROPIC = ['claude-opus-4-6', 'claude-sonnet-5', 'claude-haiku-4-5'];
const GOOGLE = ['gemini-2.5-flash', 'gemini-3-flash-preview', 'gemini-3-pro-preview'];

/** One path, three protocols: the headers tell which. Any other model name is answered as well. */
export function listModels({ url, received: { headers } }: Exchange): unknown {
  if (url.pathname.startsWith('/v1beta') || headers['x-goog-api-key'] || url.searchParams.has('key')) {
    return {
      models: GOOGLE.map(name => ({
        name: `models/${name}`,
        displayName: name,
        inputTokenLimit: 1_048_576,
        outputTokenLimit: 65_536,
        supportedGenerationMethods: ['generateContent', 'countTokens'],
      })),
    };
  }
  if (headers['anthropic-version']) {
    return {
      data: ANTHROPIC.map(id => ({
        type: 'model',
        id,
        display_name: id,
        created_at: '2026-01-01T00:00:00Z',
      })),
      has_more: false,
      first_id: ANTHROPIC[0],
      last_id: ANTHROPIC.at(-1),
    };
  }
  return {
    object: 'list',
    data: OPENAI.map(id => ({ id, object: 'model', created: 1_767_225_600, owned_by: 'simulator' })),
  };
}

/** What a wrong key gets instead of the list, in the words of the vendor; null for every other key. */
export function refuseKey({
  url,
  received: { headers },
}: Exchange): { status: number; body: unknown } | null {
  const googles = headers['x-goog-api-key'] ?? url.searchParams.get('key');
  if (googles === 'bad-key') {
    const code = 'API_KEY_INVALID';
    return {
      status: 400,
      body: geminiError(
        new Refusal(400, 'API key not valid. Please pass a valid API key.', {
          type: 'INVALID_ARGUMENT',
          code,
        }),
      ),
    };
  }
  if (headers['x-api-key'] === 'bad-key') {
    return { status: 401, body: anthropicError(new Refusal(401, 'invalid x-api-key')) };
  }
  return headers.authorization === 'Bearer bad-key'
    ? { status: 401, body: openAiError(new Refusal(401, 'Incorrect API key provided: bad-key.')) }
    : null;
}
