import { ApiError, GoogleGenAI } from '@google/genai';
import { Agent, setGlobalDispatcher } from 'undici';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const MODELS = ['google/gemini-embedding-001', 'openai/text-embedding-3-small', 'cohere/embed-v4.0'];
const agent = new Agent();

let gateway: TestGateway;
let google: GoogleGenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  // Google's SDK looks for Undici's dispatcher on globalThis, which under Jest is not the one Node put it on.
  setGlobalDispatcher(agent);
  google = new GoogleGenAI({ apiKey: gateway.projectKey, httpOptions: { baseUrl: gateway.url } });
});
beforeEach(() => gateway.simulator.reset());
afterAll(async () => {
  await agent.close();
  await gateway?.stop();
});

const textOf = (text: string) => ({ content: { parts: [{ text }] } });
const post = (path: string, body: unknown): Promise<Response> => postJson(gateway, path, body);
const lastBody = (): unknown => gateway.simulator.requests().at(-1)?.body;

describe.each(MODELS)('vectors in Google’s format, of %s', model => {
  it('serve the official SDK, one for each text, as OpenAI’s format has them', async () => {
    const { embeddings } = await google.models.embedContent({
      model,
      contents: ['The sky is blue.', 'Grass is green.'],
      config: { outputDimensionality: 256, taskType: 'RETRIEVAL_DOCUMENT' },
    });
    const response = await postJson(gateway, '/v1/embeddings', {
      model,
      input: ['The sky is blue.', 'Grass is green.'],
      dimensions: 256,
    });
    const { data } = (await response.json()) as { data: { embedding: number[] }[] };

    expect(embeddings?.map(({ values }) => values)).toEqual(data.map(({ embedding }) => embedding));
    expect(embeddings?.[0]?.values).toHaveLength(256);
  });

  it.each(['v1', 'v1beta', 'v1alpha'])('are made of one text, too, below /%s, and metered', async version => {
    const response = await post(`/${version}/models/${model}:embedContent`, textOf('x'.repeat(40)));
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    await expect(response.json()).resolves.toEqual({
      embedding: { values: expect.any(Array) },
      usageMetadata: { promptTokenCount: 10, totalTokenCount: 10 },
    });
    expect(record).toMatchObject({ outcome: 'completed', inputTokens: 10, modelAsked: model });
    expect(record.costNanoUsd).toBeGreaterThan(0);
  });

  it.each([
    ['no request', ':batchEmbedContents', {}, 'requests'],
    ['no text', ':batchEmbedContents', { requests: [textOf('')] }, 'requests[0].content.parts'],
    ['an image', ':embedContent', { content: { parts: [{ inlineData: {} }] } }, 'content.parts[0]'],
    ['no dimensions', ':embedContent', { ...textOf('a'), outputDimensionality: 0 }, 'outputDimensionality'],
    [
      'two kinds in one batch',
      ':batchEmbedContents',
      { requests: [{ ...textOf('a'), taskType: 'CLUSTERING' }, textOf('b')] },
      'requests[1].taskType',
    ],
  ])('are refused for %s, naming the field', async (_, method, body, field) => {
    const response = await post(`/v1beta/models/${model}${method}`, body);

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { code: 400, status: 'INVALID_ARGUMENT', message: expect.stringContaining(`'${field}'`) },
    });
    expect(gateway.simulator.requests()).toEqual([]);
  });
});

it('keep titles and kinds that only Google knows', async () => {
  const requests = ['a', 'b'].map(text => ({ ...textOf(text), title: text, taskType: 'FACT_VERIFICATION' }));
  await post(`/v1beta/models/${MODELS[0]}:batchEmbedContents`, { requests });

  expect(lastBody()).toEqual({
    requests: requests.map(request => ({ ...request, model: 'models/gemini-embedding-001' })),
  });
});

it('say what other vendors leave out', async () => {
  const body = { ...textOf('a'), title: 'A', taskType: 'FACT_VERIFICATION' };
  const response = await post(`/v1beta/models/${MODELS[2]}:embedContent`, body);

  expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=taskType; dropped=title');
});

it('name the field as the caller spells it, in strict mode too', async () => {
  const body = { ...textOf('a'), taskType: 'RETRIEVAL_QUERY' };
  const headers = { 'x-llmhub-strict': 'true' };
  const response = await postJson(gateway, `/v1beta/models/${MODELS[1]}:embedContent`, body, headers);

  expect(response.status).toBe(400);
  await expect(response.json()).resolves.toMatchObject({
    error: { message: expect.stringContaining("'taskType'") },
  });
});

it('fail in Google’s words, which its SDK understands', async () => {
  const unknown = await google.models
    .embedContent({ model: 'nobody-knows', contents: 'x' })
    .catch(error => error);
  const busy = await google.models
    .embedContent({ model: MODELS[1] ?? '', contents: '[[sim:fault status=429]]' })
    .catch(error => error);

  expect(unknown).toBeInstanceOf(ApiError);
  expect(unknown).toMatchObject({ status: 404 });
  expect(busy).toMatchObject({ status: 429 });
});
