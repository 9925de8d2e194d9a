import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageRecorder } from '@app/analytics';
import { pictureOf } from '../apps/simulator/src/images/png.js';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { eventually } from './support/eventually.js';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';
import { affordRetries } from './support/retries.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));

const POLICIES = {
  vectors: ['openai/text-embedding-3-small', 'mistral/mistral-embed'],
  ranks: ['anthropic/claude-sonnet-5', 'cohere/rerank-v3.5', 'jina/jina-reranker-v2-base-multilingual'],
  judges: ['openai/omni-moderation-latest', 'mistral/mistral-moderation-latest'],
  pictures: ['openai/gpt-image-1', 'google/gemini-2.5-flash-image'],
  ears: ['anthropic/claude-sonnet-5', 'openai/whisper-1', 'groq/whisper-large-v3'],
  talkers: ['anthropic/claude-sonnet-5', 'deepseek/deepseek-chat'],
  painters: ['openai/gpt-image-1-mini', 'google/gemini-2.5-flash-image'],
  listeners: ['openai/gpt-4o-mini-transcribe', 'groq/whisper-large-v3'],
};

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  for (const [name, models] of Object.entries(POLICIES)) {
    const targets = models.map(model => ({ model }));
    const at = `/admin/projects/${gateway.projectId}/routing-policies`;
    const timeouts = { attemptMs: 3000 };
    expect(await gateway.admin('POST', at, { name, targets, timeouts })).toMatchObject({ status: 201 });
  }
});
beforeEach(() => {
  gateway.simulator.reset();
  // More of these calls fail than would in an outage of one vendor.
  Object.keys(POLICIES).forEach(name => affordRetries(gateway, name));
});
afterEach(() => eventually(() => expect(readdirSync(path.join(gateway.dataDir, 'tmp'))).toEqual([])));
afterAll(() => gateway?.stop());

/** `vendor/model: calls` that reached a vendor. */
const calls = (): string[] =>
  Object.entries(gateway.simulator.calls()).flatMap(([vendor, models]) =>
    Object.keys(models).map(model => `${vendor}/${model}`),
  );

const form = (fields: Record<string, string>, name: string, file: Buffer, mime: string): RequestInit => {
  const data = new FormData();
  for (const [field, value] of Object.entries(fields)) {
    data.append(field, value);
  }
  data.append(name, new File([new Uint8Array(file)], `mine.${mime.slice(-3)}`, { type: mime }));
  return { method: 'POST', body: data };
};
const transcribe = (fields: Record<string, string>): Promise<Response> =>
  gateway.call('/v1/audio/transcriptions', form(fields, 'file', HELLO, 'audio/wav'));

const TASKS: readonly (readonly [
  name: string,
  vendor: string,
  other: string,
  ask: () => Promise<Response>,
])[] = [
  [
    'embeddings',
    'openai',
    'mistral',
    () => postJson(gateway, '/v1/embeddings', { model: 'vectors', input: 'a' }),
  ],
  [
    'rerank',
    'cohere',
    'jina',
    () => postJson(gateway, '/v1/rerank', { model: 'ranks', query: 'a', documents: ['a', 'b'] }),
  ],
  [
    'moderations',
    'openai',
    'mistral',
    () => postJson(gateway, '/v1/moderations', { model: 'judges', input: 'a' }),
  ],
  [
    'pictures',
    'openai',
    'google',
    () => postJson(gateway, '/v1/images/generations', { model: 'pictures', prompt: 'a' }),
  ],
  [
    'changed pictures',
    'openai',
    'google',
    () =>
      gateway.call(
        '/v1/images/edits',
        form({ model: 'pictures', prompt: 'a' }, 'image', Buffer.from(pictureOf('a')), 'image/png'),
      ),
  ],
  ['transcription', 'openai', 'groq', () => transcribe({ model: 'ears' })],
  ['a streamed transcription', 'openai', 'groq', () => transcribe({ model: 'ears', stream: 'true' })],
];

describe.each(TASKS)('a policy of %s', (_, vendor, other, ask) => {
  it('is answered by the first target that has the task', async () => {
    const response = await ask();

    expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, vendor]);
    expect(response.headers.get('x-llmhub-attempts')).toBe('1');
    await response.text();
  });

  it.each(['status=503', 'html=502', 'drop', 'status=404'])('goes on to the next after %s', async fault => {
    gateway.simulator.chaos([{ vendor, fault }]);
    const response = await ask();
    const text = await response.text();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect([response.status, response.headers.get('x-llmhub-provider'), text]).toEqual([
      200,
      other,
      expect.stringMatching(/./s),
    ]);
    expect(record).toMatchObject({ provider: other, outcome: 'completed', attempts: 2 });
    expect(calls().map(call => call.split('/')[0])).toEqual(expect.arrayContaining([other]));
  });
});

describe('tasks', () => {
  it('go on where the caller named other models', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=500' }]);
    const body = { model: 'openai/text-embedding-3-large', models: ['cohere/embed-v4.0'], input: 'a' };
    const response = await postJson(gateway, '/v1/embeddings', body);

    expect([response.status, response.headers.get('x-llmhub-model')]).toEqual([200, 'embed-v4.0']);
    expect(gateway.simulator.requests().at(-1)?.body).not.toHaveProperty('models');
  });

  it('never mix the vectors of two models that the caller has not named both', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=500' }]);
    const { headers } = await postJson(gateway, '/v1/embeddings', {
      model: 'openai/text-embedding-3-large',
      provider: { sort: 'price' },
      input: 'a',
    });

    expect(headers.get('x-llmhub-model')).toBe('text-embedding-3-large');
    expect(calls().every(call => call.endsWith('/text-embedding-3-large'))).toBe(true);
  });

  it('are sent nowhere when no target has them', async () => {
    const response = await postJson(gateway, '/v1/embeddings', { model: 'talkers', input: 'a' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: "The vendor 'anthropic' offers no embeddings.", param: 'model' },
    });
    expect(calls()).toEqual([]);
  });

  it('are refused as they are wrong, wherever they may go', async () => {
    const response = await postJson(gateway, '/v1/embeddings', { model: 'vectors', input: 7 });

    expect(response.status).toBe(400);
    expect(calls()).toEqual([]);
  });

  it('are closed to a key for other models', async () => {
    const made = await gateway.admin<{ key: string }>(
      'POST',
      `/admin/projects/${gateway.projectId}/api-keys`,
      {
        name: 'some',
        allowedModels: ['mistral/mistral-embed'],
      },
    );
    const headers = { authorization: `Bearer ${made.body.key}` };
    const ask = (body: object): Promise<Response> => postJson(gateway, '/v1/embeddings', body, headers);
    const allowed = await ask({ model: 'vectors', input: 'a' });
    const closed = await ask({ model: 'openai/text-embedding-3-small', input: 'a' });

    expect([allowed.status, allowed.headers.get('x-llmhub-provider')]).toEqual([200, 'mistral']);
    expect(closed.status).toBe(403);
  });

  it('leave a record of each attempt that may be billed though somebody else answered', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'delay=30000' }]);
    const response = await postJson(gateway, '/v1/embeddings', { model: 'vectors', input: 'a lost one' });
    await gateway.app.get(UsageRecorder).flush();
    const { body } = await gateway.admin<{ data: UsageView[] }>('GET', '/admin/usage?model=vectors');

    expect(response.headers.get('x-llmhub-provider')).toBe('mistral');
    expect(body.data.filter(({ errorCode }) => errorCode === 'attempt_abandoned')).toEqual([
      expect.objectContaining({ provider: 'openai', endpoint: '/v1/embeddings', estimated: true }),
    ]);
  });

  it('carry the whole file to each vendor', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=503' }]);
    const response = await transcribe({ model: 'ears', response_format: 'text' });

    expect(response.headers.get('x-llmhub-provider')).toBe('groq');
    await expect(response.text()).resolves.toMatch(/mine\.wav/);
    const sizes = gateway.simulator.requests().map(({ body }) => JSON.stringify(body).length);
    expect(new Set(sizes).size).toBeLessThanOrEqual(2);
  });
});

describe('a vendor whose streams break off after they have begun', () => {
  it.each<[task: string, other: string, ask: () => Promise<Response>]>([
    [
      'pictures',
      'google',
      () =>
        postJson(gateway, '/v1/images/generations', {
          model: 'painters',
          prompt: 'a',
          stream: true,
          partial_images: 2,
        }),
    ],
    ['transcriptions', 'groq', () => transcribe({ model: 'listeners', stream: 'true' })],
  ])('is failing, also when it makes %s', async (_, other, ask) => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'error-event=1' }]);
    for (let failures = 0; failures < 5; failures += 1) {
      const response = await ask();
      expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, 'openai']);
      await expect(response.text()).resolves.toContain('"error"');
    }
    const response = await ask();

    expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, other]);
    await expect(response.text()).resolves.not.toContain('"error"');
  });
});

/** Each with a policy, and without a model. */
const UNNAMED: readonly (readonly [
  policy: string,
  ask: (headers: Record<string, string>) => Promise<Response>,
])[] = [
  ['vectors', headers => postJson(gateway, '/v1/embeddings', { input: 'a' }, headers)],
  ['pictures', headers => postJson(gateway, '/v1/images/generations', { prompt: 'a' }, headers)],
  [
    'pictures',
    headers =>
      gateway.call('/v1/images/edits', {
        ...form({ prompt: 'a' }, 'image', Buffer.from(pictureOf('a')), 'image/png'),
        headers,
      }),
  ],
  [
    'ears',
    headers => gateway.call('/v1/audio/transcriptions', { ...form({}, 'file', HELLO, 'audio/wav'), headers }),
  ],
];

it.each(UNNAMED)('a header alone may name the policy: %s', async (policy, ask) => {
  const response = await ask({ 'x-llmhub-models': policy });
  await response.text();

  expect([response.status, response.headers.get('x-llmhub-route')]).toEqual([
    200,
    expect.stringContaining(`${policy}@`),
  ]);
  expect((await ask({})).status).toBe(400);
});
