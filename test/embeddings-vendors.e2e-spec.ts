import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { type RawVendor, startRawVendor } from './support/raw-vendor.js';
import { startSimulatedGateway } from './support/simulated.js';

const SIZED = [
  'openai/text-embedding-3-small',
  'google/gemini-embedding-001',
  'mistral/mistral-embed',
  'cohere/embed-v4.0',
  'voyage/voyage-3',
  'jina/jina-embeddings-v3',
  'vertex/text-embedding-005',
  'vertex/gemini-embedding-2',
  'bedrock/cohere.embed-v4:0',
  'bedrock/amazon.titan-embed-text-v2:0',
];

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
const lastBody = (): unknown => gateway.simulator.requests().at(-1)?.body;

describe('the length of the vectors', () => {
  it.each(SIZED)('is what was asked of %s', async model => {
    const { data } = await openai.embeddings.create({ model, input: 'short', dimensions: 256 });

    expect(data[0]?.embedding).toHaveLength(256);
  });

  it('is refused at a vendor that chooses it itself', async () => {
    const response = await post({ model: 'together/bge', input: 'short', dimensions: 256 });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { code: 'unsupported_fields', param: 'dimensions' },
    });
  });
});

describe('several texts in a call', () => {
  it.each([
    ['vertex/text-embedding-005', 3],
    ['bedrock/cohere.embed-v4:0', 3],
  ])('are as many vectors at %s', async (model, count) => {
    const { data } = await openai.embeddings.create({ model, input: ['a', 'b', 'c'] });

    expect(data).toHaveLength(count);
  });

  it.each(['bedrock/amazon.titan-embed-text-v2:0', 'vertex/gemini-embedding-2'])(
    'are refused by %s, which reads one, before it is asked',
    async model => {
      const response = await post({ model, input: ['a', 'b'] });

      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({ error: { param: 'input' } });
      expect(gateway.simulator.requests()).toEqual([]);
    },
  );
});

describe('texts as tokens', () => {
  it.each([
    ['one text', [1, 2, 3], 1],
    ['several texts', [[1, 2], [3]], 2],
  ])('reach OpenAI as they are: %s', async (_, input, count) => {
    const { data, usage } = await openai.embeddings.create({ model: 'text-embedding-3-small', input });

    expect(data).toHaveLength(count);
    expect(usage.prompt_tokens).toBe(3);
    expect(lastBody()).toMatchObject({ input });
  });

  it.each([...SIZED.slice(1), 'together/bge'])('mean nothing to %s, and are refused', async model => {
    const response = await post({ model, input: [[1, 2, 3]] });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param: 'input' } });
    expect(gateway.simulator.requests()).toEqual([]);
  });
});

describe('what else a body says', () => {
  it.each([
    ['cohere/embed-v4.0', 'document', { input_type: 'search_document' }],
    ['cohere/embed-v4.0', 'search_query', { input_type: 'search_query' }],
    ['cohere/embed-v4.0', undefined, { input_type: 'search_document' }],
    ['voyage/voyage-3', 'search_query', { input_type: 'query' }],
    ['jina/jina-embeddings-v3', 'clustering', { task: 'separation' }],
    ['google/gemini-embedding-001', 'query', { requests: [{ taskType: 'RETRIEVAL_QUERY' }] }],
    ['nvidia/nv-embed', 'document', { input_type: 'passage' }],
    ['vertex/text-embedding-005', 'query', { instances: [{ content: 'x', task_type: 'RETRIEVAL_QUERY' }] }],
    ['vertex/gemini-embedding-2', 'query', { taskType: 'RETRIEVAL_QUERY' }],
    ['bedrock/cohere.embed-v4:0', 'query', { input_type: 'search_query' }],
  ])('tells %s what the vectors are for: %s', async (model, input_type, said) => {
    const response = await post({ model, input: ['x'], input_type });

    expect(response.status).toBe(200);
    expect(lastBody()).toMatchObject(said);
  });

  it('is reported where a vendor cannot be told, and refused in strict mode', async () => {
    const body = { model: 'voyage/voyage-3', input: 'x', input_type: 'clustering' };
    const response = await post(body);
    const strict = await post(body, { 'x-llmhub-strict': 'true' });

    expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=input_type');
    expect(strict.status).toBe(400);
    await expect(strict.json()).resolves.toMatchObject({ error: { param: 'input_type' } });
  });

  it.each(['mistral/mistral-embed', 'fireworks/nomic', 'together/bge'])(
    'says nothing of end user and purpose to %s, which refuses what it does not know',
    async model => {
      const body = { model, input: 'x', user: 'u-1', input_type: 'query', encoding_format: 'float' };
      const response = await post(body);

      expect(response.status).toBe(200);
      expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=input_type');
      expect(lastBody()).toEqual({ model: model.split('/')[1], input: ['x'] });
    },
  );
});

describe('between a caller and a vendor of the same shape', () => {
  let vendor: RawVendor;
  let direct: TestGateway;

  beforeAll(async () => {
    vendor = await startRawVendor();
    direct = await startGateway(vendor.env);
  });
  afterAll(async () => {
    await direct?.stop();
    await vendor?.close();
  });

  it('bytes pass as they are, but for the name of the model', async () => {
    const chunks: Buffer[] = [];
    vendor.onRequest(request => request.on('data', (chunk: Buffer) => chunks.push(chunk)));
    const sent =
      '{"object":"list", "data":[{"embedding":[1e-7, 0.10000000000000000555],"index":0}], "x_new":{},';
    const usage = ' "usage":{"prompt_tokens":12,"total_tokens":12} ';
    vendor.answer(response => response.end(`${sent}${usage}}`));
    const rest = '"input" : "x",  "x_future":12345678901234567890 }';
    const response = await postJson(direct, '/v1/embeddings', `{ "model":"openai/e-1", ${rest}`);

    expect(Buffer.concat(chunks).toString()).toBe(`{ "model":"e-1", ${rest}`);
    await expect(response.text()).resolves.toContain(`${sent}${usage},"x_llmhub":{`);
  });
});
