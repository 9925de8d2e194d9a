import OpenAI, { APIError } from 'openai';
import { eventually } from './support/eventually.js';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf, usageOfModel } from './support/usage.js';

const MODELS = [
  'openai/text-embedding-3-small',
  'google/gemini-embedding-001',
  'mistral/mistral-embed',
  'cohere/embed-v4.0',
  'voyage/voyage-3',
  'jina/jina-embeddings-v3',
  'together/BAAI/bge-large-en-v1.5',
];
const TEXTS = ['The sky is blue.', 'Grass is green.', 'žluťoučký kůň 🐎'];

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const post = (body: unknown, headers?: Record<string, string>): Promise<Response> =>
  postJson(gateway, '/v1/embeddings', body, headers);

describe.each(MODELS)('embeddings of %s', model => {
  it('are the same packed, which is what the SDK asks for, and as numbers', async () => {
    const packed = await openai.embeddings.create({ model, input: TEXTS });
    const plain = await openai.embeddings.create({ model, input: TEXTS, encoding_format: 'float' });

    expect(packed.data.map(({ index }) => index)).toEqual([0, 1, 2]);
    packed.data.forEach(({ embedding }, at) => {
      expect(embedding.length).toBeGreaterThanOrEqual(1024);
      expect([...embedding].map(Math.fround)).toEqual(plain.data[at]?.embedding.map(Math.fround));
    });
    expect(packed.usage.prompt_tokens).toBe(plain.usage.prompt_tokens);
  });

  it('belong each to its own text, alone or among others', async () => {
    const alone = await openai.embeddings.create({ model, input: TEXTS[1] ?? '', encoding_format: 'float' });
    const among = await openai.embeddings.create({ model, input: TEXTS, encoding_format: 'float' });

    expect(alone.data[0]?.embedding).toEqual(among.data[1]?.embedding);
    expect(among.data[0]?.embedding).not.toEqual(among.data[1]?.embedding);
  });

  it('are metered as the vendor bills them', async () => {
    const response = await post({ model, input: TEXTS });
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const [vendor = ''] = model.split('/');
    const name = model.slice(vendor.length + 1);

    expect(record).toMatchObject({
      endpoint: '/v1/embeddings',
      provider: vendor,
      modelAsked: model,
      outcome: 'completed',
      inputTokens: gateway.simulator.bill()[vendor]?.[name]?.input,
      outputTokens: 0,
      estimated: false,
    });
    const body = (await response.json()) as { usage: object; x_llmhub: { cost: number | null } };
    expect(body.usage).toMatchObject({ prompt_tokens: record.inputTokens });
    expect(body.x_llmhub.cost).toBe(record.costNanoUsd === null ? null : record.costNanoUsd / 1e9);
  });

  it.each([
    ['no input', {}, 'input'],
    ['an empty list', { input: [] }, 'input'],
    ['an empty text', { input: ['a', ''] }, 'input[1]'],
    ['a number', { input: 7 }, 'input'],
    ['texts and tokens mixed', { input: ['a', [1]] }, 'input[1]'],
    ['no dimensions', { input: 'a', dimensions: 0 }, 'dimensions'],
    ['an unknown format', { input: 'a', encoding_format: 'hex' }, 'encoding_format'],
    ['a wrong user', { input: 'a', user: 7 }, 'user'],
  ])('refuse %s, naming the field', async (_, fields, param) => {
    const response = await post({ model, ...fields });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error', param } });
    expect(gateway.simulator.requests()).toEqual([]);
  });

  it.each([
    ['429', 429, 'rate_limit_exceeded'],
    ['500', 502, null],
    ['401', 502, null],
  ])('tell an error %s of the vendor as ours', async (status, ours, code) => {
    const response = await post({ model, input: `[[sim:fault status=${status},retry-after=3]]` });
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(response.status).toBe(ours);
    expect(record).toMatchObject({ outcome: 'failed', status: ours, costNanoUsd: 0 });
    if (code) {
      await expect(response.json()).resolves.toMatchObject({ error: { code } });
      expect(response.headers.get('retry-after')).toBe('3');
    }
  });

  it.each(['malformed', 'empty', 'html=200', 'cut=40', 'error-event=0'])(
    'take a vendor whose answer is no answer (%s) for a failure',
    async fault => {
      const response = await post({ model, input: `[[sim:fault ${fault}]]` });

      expect(response.status).toBeGreaterThanOrEqual(502);
      await expect(response.json()).resolves.toMatchObject({ error: { message: expect.any(String) } });
    },
  );

  it('are reckoned where the vendor tells no usage', async () => {
    const response = await post({ model, input: '[[sim:fault no-usage]]' });

    await expect(response.json()).resolves.toMatchObject({ x_llmhub: { usage_estimated: true } });
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      inputTokens: 6,
      estimated: true,
    });
  });
});

describe('a model', () => {
  it('nobody knows is a 404 of the SDK', async () => {
    const failure = await openai.embeddings
      .create({ model: 'nobody-knows', input: 'x' })
      .catch(error => error);

    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: 404, code: 'model_not_found', param: 'model' });
  });

  it('the vendor does not know is the vendor’s 404', async () => {
    const response = await post({ model: 'openai/no-such-model', input: 'x' });

    expect(response.status).toBe(404);
    await expect(response.json()).resolves.toMatchObject({
      error: { message: expect.stringContaining('no-such-model') },
    });
  });

  it('of a vendor without embeddings is refused', async () => {
    const response = await post({ model: 'anthropic/claude-sonnet-5', input: 'x' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'model' } });
  });

  it('of a vendor that has nothing but tasks cannot chat', async () => {
    const response = await gateway.chat({
      model: 'voyage/voyage-3',
      messages: [{ role: 'user', content: 'Hi' }],
    });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'model' } });
  });
});

describe('prices', () => {
  it.each([
    ['openai/text-embedding-3-small', 20],
    ['google/gemini-embedding-001', 150],
    ['cohere/embed-v4.0', 120],
    ['voyage/voyage-3', 60],
    ['mistral/mistral-embed', 100],
  ])('of %s are known: %i nano-USD a token', async (model, price) => {
    const response = await post({ model, input: 'x'.repeat(400) });

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      costNanoUsd: 100 * price,
    });
  });

  it('that nobody knows make no cost', async () => {
    const response = await post({ model: 'jina/jina-embeddings-v3', input: 'x' });

    expect(response.headers.get('x-llmhub-cost-usd')).toBeNull();
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      costNanoUsd: null,
    });
  });
});

describe('a caller who leaves', () => {
  it('stops the vendor, and the call is metered by what the vendor has read', async () => {
    const leaving = new AbortController();
    const model = 'openai/text-embedding-of-one-who-leaves';
    const body = JSON.stringify({ model, input: 'x'.repeat(400) });
    const headers = { 'content-type': 'application/json' };
    const call = gateway
      .call('/v1/embeddings', {
        method: 'POST',
        headers,
        body: body.replace('xxxx', '[[sim:fault stall=10]]'),
        signal: leaving.signal,
      })
      .catch(() => null);
    await eventually(() => expect(gateway.simulator.active()).toBe(1));
    leaving.abort();
    await call;
    await gateway.simulator.untilAborted(1);

    const record = await usageOfModel(gateway, model);
    expect(record).toMatchObject({ outcome: 'aborted', status: 499, estimated: true });
    expect(record.inputTokens).toBeGreaterThan(90);
  });
});

describe('a key', () => {
  it('opens no endpoint that it is not for', async () => {
    const keys = `/admin/projects/${gateway.projectId}/api-keys`;
    const only = { name: 'chat only', allowedEndpoints: ['/v1/chat/completions'] };
    const { body } = await gateway.admin<{ key: string }>('POST', keys, only);
    const authorization = `Bearer ${body.key}`;
    const response = await post({ model: MODELS[0], input: 'x' }, { authorization });

    expect(response.status).toBe(403);
    await expect(response.json()).resolves.toMatchObject({ error: { code: 'outside_scope' } });
  });
});
