import type { TestGateway } from './gateway.js';

/** Of each kind, and in each shape. */
export const TASKS: readonly [what: string, path: string, body: Record<string, unknown>][] = [
  ['embeddings', '/v1/embeddings', { model: 'openai/text-embedding-3-small', input: ['one', 'two'] }],
  [
    'packed embeddings',
    '/v1/embeddings',
    { model: 'openai/text-embedding-3-small', input: 'one', encoding_format: 'base64' },
  ],
  ['embeddings of another shape', '/v1/embeddings', { model: 'google/gemini-embedding-001', input: 'one' }],
  [
    'embeddings in Google’s words',
    '/v1beta/models/openai%2Ftext-embedding-3-small:embedContent',
    { content: { parts: [{ text: 'one' }] } },
  ],
  ['moderations', '/v1/moderations', { model: 'openai/omni-moderation-latest', input: 'I hate you' }],
  [
    'a ranking',
    '/v1/rerank',
    { model: 'cohere/rerank-v3.5', query: 'a capital', documents: ['Oslo', 'a hat'], top_n: 1 },
  ],
];

export interface TaskAnswer {
  readonly status: number;
  readonly cache: string | null;
  readonly id: string | null;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

interface Asked {
  readonly path: string;
  readonly body: object;
  readonly headers?: object;
  readonly key: string;
  readonly signal?: AbortSignal;
}

export async function askTask(
  gateway: TestGateway,
  { path, body, headers, key, signal }: Asked,
): Promise<TaskAnswer> {
  const response = await gateway.call(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
  return {
    status: response.status,
    cache: response.headers.get('x-llmhub-cache'),
    id: response.headers.get('x-request-id'),
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** All but what is told of one call. */
export function saidIn({
  id: _id,
  usage: _usage,
  meta: _meta,
  x_llmhub: _hub,
  usageMetadata: _metadata,
  ...said
}: TaskAnswer['body']) {
  return said;
}
