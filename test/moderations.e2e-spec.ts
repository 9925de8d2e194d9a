import OpenAI from 'openai';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const MODELS = ['openai/omni-moderation-latest', 'mistral/mistral-moderation-latest'];
const KIND = 'Have a nice day.';
const VIOLENT = 'I will attack you.';
const IMAGE = { type: 'image_url', image_url: { url: 'https://example.com/cat.png' } };

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const post = (body: unknown): Promise<Response> => postJson(gateway, '/v1/moderations', body);

describe.each(MODELS)('a verdict of %s', model => {
  it('is given on each text, by categories that OpenAI’s clients know', async () => {
    const { id, results } = await openai.moderations.create({ model, input: [KIND, VIOLENT] });

    expect(id).toMatch(/^mod/);
    expect(results.map(({ flagged }) => flagged)).toEqual([false, true]);
    expect(results[1]?.categories.violence).toBe(true);
    expect(results[0]?.category_scores.violence).toBeLessThan(0.1);
    expect(results[1]?.categories.hate).toBe(false);
  });

  it('is metered', async () => {
    const response = await post({ model, input: VIOLENT });

    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      endpoint: '/v1/moderations',
      provider: model.split('/')[0],
      outcome: 'completed',
      inputTokens: 5,
    });
  });

  it.each([
    ['no input', {}, 'input'],
    ['an empty list', { input: [] }, 'input'],
    ['numbers', { input: ['a', 7] }, 'input[1]'],
    ['a part without a type', { input: [{ text: 'a' }] }, 'input[0]'],
    ['a text part without text', { input: [{ type: 'text' }] }, 'input[0].text'],
  ])('is refused for %s, naming the field', async (_, fields, param) => {
    const response = await post({ model, ...fields });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param } });
    expect(gateway.simulator.requests()).toEqual([]);
  });

  it.each([
    ['429', 429],
    ['500', 502],
  ])('fails as the vendor does: %s', async (status, ours) => {
    const response = await post({ model, input: `[[sim:fault status=${status}]]` });

    expect(response.status).toBe(ours);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status: ours,
    });
  });
});

it('asks OpenAI, free of charge, when no model is named', async () => {
  const { model } = await openai.moderations.create({ input: KIND });
  const record = await usageOf(gateway, (await post({ input: KIND })).headers.get('x-request-id'));

  expect(model).toBe('omni-moderation-latest');
  expect(record).toMatchObject({ provider: 'openai', costNanoUsd: 0, estimated: true });
});

it('judges a text and an image together at OpenAI, and refuses the image at Mistral', async () => {
  const input = [{ type: 'text', text: KIND }, IMAGE];
  const together = await post({ model: MODELS[0], input });
  const refused = await post({ model: MODELS[1], input });

  await expect(together.json()).resolves.toMatchObject({ results: [{ flagged: false }] });
  expect(refused.status).toBe(400);
  await expect(refused.json()).resolves.toMatchObject({
    error: { code: 'unsupported_fields', param: 'input' },
  });
});

it('keeps what Mistral calls its categories beside OpenAI’s names', async () => {
  const response = await post({ model: MODELS[1], input: VIOLENT, metadata: { a: 'b' } });
  const { results } = (await response.json()) as { results: { categories: object }[] };

  expect(results[0]?.categories).toMatchObject({ violence_and_threats: true, violence: true, pii: false });
  expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=metadata');
});

it.each(['groq/m', 'google/gemini-2.5-flash', 'jina/m'])('says that %s judges nothing', async model => {
  const response = await post({ model, input: KIND });

  expect(response.status).toBe(400);
  await expect(response.json()).resolves.toMatchObject({ error: { param: 'model' } });
});
