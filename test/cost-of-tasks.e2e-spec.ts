import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { TestGateway } from './support/gateway.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
/** USD for a token, a second or a search, where the bundled list has no price. */
const PRICES = {
  'jina/jina-reranker-v2': { input_cost_per_token: 7e-7 },
  'voyage/rerank-2.5': { input_cost_per_token: 7e-7 },
  'openai/gpt-4o-mini-transcribe': { input_cost_per_token: 7e-7, output_cost_per_token: 11e-7 },
  'mistral/mistral-embed': { input_cost_per_token: 7e-7 },
  'google/gemini-embedding-001': { input_cost_per_token: 7e-7 },
  'google/gemini-2.5-flash-image': { input_cost_per_token: 7e-7, output_cost_per_token: 11e-7 },
};

interface Told {
  readonly usage?: { readonly cost?: number };
  readonly x_llmhub?: { readonly cost: number | null };
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  expect((await gateway.admin('PUT', '/admin/prices', { prices: PRICES })).status).toBe(200);
});
afterAll(() => gateway?.stop());

const json = (body: object): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

function recording(fields: Record<string, string>): RequestInit {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append('file', new File([new Uint8Array(HELLO)], 'hello.wav', { type: 'audio/wav' }));
  return { method: 'POST', body };
}

const input = ['The sky is blue.', 'Grass is green, and says "usage":{} to nobody.'];
const ranking = { query: 'what is blue', documents: input };
const drawing = { prompt: 'A red bicycle.' };
const DRAWN = '/v1/images/generations';
const HEARD = '/v1/audio/transcriptions';

const cases: readonly (readonly [name: string, path: string, init: () => RequestInit])[] = [
  ...['openai/text-embedding-3-small', 'google/gemini-embedding-001', 'mistral/mistral-embed'].map(
    model => [`vectors of ${model}`, '/v1/embeddings', () => json({ model, input })] as const,
  ),
  ...['jina/jina-reranker-v2', 'voyage/rerank-2.5'].map(
    model => [`a ranking of ${model}`, '/v1/rerank', () => json({ model, ...ranking })] as const,
  ),
  ...['openai/gpt-image-1', 'google/gemini-2.5-flash-image'].flatMap(model => [
    [`a picture of ${model}`, DRAWN, () => json({ model, ...drawing })] as const,
    [`a picture of ${model}, streamed`, DRAWN, () => json({ model, ...drawing, stream: true })] as const,
  ]),
  ['a transcription by the second', HEARD, () => recording({ model: 'openai/whisper-1' })],
  ...['false', 'true'].map(
    stream =>
      [
        `a transcription by tokens (stream: ${stream})`,
        HEARD,
        () => recording({ model: 'openai/gpt-4o-mini-transcribe', stream }),
      ] as const,
  ),
];

it.each(cases)('%s: the usage tells the cost that is on record', async (_name, url, init) => {
  const response = await gateway.call(url, init());
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  const events = isStream ? text.split('\n').filter(line => line.startsWith('data: {')) : [`data: ${text}`];
  const last = JSON.parse(events.at(-1)?.slice('data: '.length) ?? '') as Told;
  const { costNanoUsd } = await usageOf(gateway, response.headers.get('x-request-id'));

  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  expect(costNanoUsd).toBeGreaterThan(0);
  expect(last.usage?.cost).toBe((costNanoUsd ?? 0) / 1e9);
  expect(last.x_llmhub?.cost).toBe(last.usage?.cost);
  expect(text.match(/"x_llmhub"/g)).toHaveLength(1);
  if (!isStream) {
    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBe(last.usage?.cost);
  }
});
