import OpenAI, { APIError } from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

describe('tasks', () => {
  let simulator: Simulator;
  let openai: OpenAI;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  async function post(path: string, body: object, key = 'k'): Promise<{ status: number; body: unknown }> {
    const response = await fetch(simulator.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'x-goog-api-key': key },
      body: JSON.stringify(body),
    });
    return { status: response.status, body: await response.json() };
  }

  it('make vectors of length 1 that are the same every time, packed or not', async () => {
    const ask = { model: 'text-embedding-3-small', input: ['a', 'b'] };
    const plain = await openai.embeddings.create({ ...ask, encoding_format: 'float' });
    const packed = await openai.embeddings.create(ask);
    const [a, b] = plain.data.map(({ embedding }) => embedding);

    expect(Math.hypot(...(a ?? []))).toBeCloseTo(1, 5);
    expect(a).not.toEqual(b);
    expect([...(packed.data[0]?.embedding ?? [])]).toEqual(a);
    expect(simulator.bill()).toMatchObject({ openai: { 'text-embedding-3-small': { calls: 2, input: 4 } } });
  });

  it.each([
    ['/v1/embeddings', { model: 'm', input: '' }],
    ['/v1/embeddings', { model: 'm', input: [] }],
    ['/v1/embeddings', { model: 'm', input: 'a', dimensions: 0 }],
    ['/v1/embeddings', { model: 'text-embedding-ada-002', input: 'a', dimensions: 5 }],
    ['/v1/embeddings', { model: 'm', input: 'a', encoding_format: 'hex' }],
    ['/v1/embeddings', { model: 'm', input: 'a', input_type: 'query' }],
    ['/mistral/v1/embeddings', { model: 'm', input: [[1]] }],
    ['/voyage/v1/embeddings', { model: 'm', input: 'a', encoding_format: 'float' }],
    ['/v2/embed', { model: 'm', texts: ['a'] }],
    ['/v2/embed', { model: 'm', texts: 'a', input_type: 'classification' }],
    ['/v2/rerank', { model: 'm', query: 'q', documents: [{ text: 'a' }] }],
    ['/v1/rerank', { model: 'm', query: '', documents: ['a'] }],
    ['/voyage/v1/rerank', { model: 'm', query: 'q', documents: ['a'], top_n: 1 }],
    ['/v1/moderations', { model: 'm', input: [] }],
    ['/v1/moderations', { model: 'm', input: ['a', 7] }],
    ['/v1/completions', { model: 'm', prompt: '' }],
    ['/v1/completions', { model: 'm', prompt: 'a', max_completion_tokens: 5 }],
    ['/v1beta/models/m:batchEmbedContents', { requests: [{ content: { parts: [{ text: 'a' }] } }] }],
    ['/v1beta/models/m:batchEmbedContents', { requests: [] }],
    ['/v1beta/models/m:embedContent', { content: { parts: [{ text: 'a' }] }, dimensions: 5 }],
  ])('refuse what the vendor would not take: %s %j', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 400 });
    expect(simulator.bill()).toEqual({});
  });

  it.each([
    ['/mistral/v1/embeddings', { model: 'm', input: 'a', dimensions: 5 }],
    ['/mistral/v1/moderations', { model: 'm', input: 'a', user: 'u' }],
    ['/jina/v1/embeddings', { model: 'm', input: 'a', encoding_format: 'base64' }],
    ['/cohere/v2/rerank', { model: 'm', query: 'q', documents: ['a'], return_documents: true }],
  ])('refuse with 422 a field that the vendor does not know: %s %j', async (path, body) => {
    expect(await post(path, body)).toMatchObject({ status: 422 });
  });

  it.each([
    ['/v1/embeddings', { model: 'm', input: 'a' }],
    ['/v2/embed', { model: 'm', texts: ['a'], input_type: 'classification' }],
    ['/v1/rerank', { model: 'm', query: 'q', documents: ['a'] }],
    ['/v1/moderations', { model: 'm', input: 'a' }],
    ['/v1/completions', { model: 'm', prompt: 'a' }],
  ])('take no bad key, and no model that is none: %s', async (path, body) => {
    expect(await post(path, body, 'bad-key')).toMatchObject({ status: 401 });
    expect(await post(path, { ...body, model: 'no-such-model' })).toMatchObject({ status: 404 });
    expect(await post(path, body)).toMatchObject({ status: 200 });
  });

  it('embed at Google, one text and many', async () => {
    const request = { content: { parts: [{ text: 'a' }] }, outputDimensionality: 8 };
    const one = await post('/v1beta/models/e:embedContent', request);
    const many = await post('/v1beta/models/e:batchEmbedContents', {
      requests: [{ ...request, model: 'models/e' }],
    });

    expect(one.body).toMatchObject({ embedding: { values: expect.any(Array) } });
    expect(many.body).toMatchObject({
      embeddings: [(one.body as { embedding: object }).embedding],
      usageMetadata: { promptTokenCount: 1 },
    });
  });

  it('say that chat models complete nothing', async () => {
    const failure = await openai.completions.create({ model: 'gpt-5', prompt: 'a' }).catch(error => error);

    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: 404, param: 'model' });
  });
});
