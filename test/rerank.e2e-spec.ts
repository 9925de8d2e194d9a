import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const MODELS = ['cohere/rerank-v3.5', 'jina/jina-reranker-v2', 'voyage/rerank-2.5', 'together/rank'];
const query = 'what colour is the sky';
const documents = ['Grass is green.', 'The sky is blue.', 'What colour is the sky? Blue.'];

interface Ranking {
  readonly id: string;
  readonly model: string;
  readonly results: readonly { index: number; relevance_score: number; document?: object }[];
  readonly usage?: { readonly total_tokens: number };
  readonly meta?: { readonly billed_units: { readonly search_units: number } };
  readonly x_llmhub: { readonly cost: number | null; readonly warnings: readonly unknown[] };
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const post = (body: unknown): Promise<Response> => postJson(gateway, '/v1/rerank', body);
async function rank(body: object): Promise<Ranking> {
  const response = await post({ query, documents, ...body });
  expect(response.status).toBe(200);
  return (await response.json()) as Ranking;
}

describe.each(MODELS)('a ranking by %s', model => {
  it('names the documents by place, the best first', async () => {
    const { results, id } = await rank({ model });

    expect(id).not.toBe('');
    expect(results.map(({ index }) => index)).toEqual([2, 1, 0]);
    expect(results[0]?.relevance_score).toBeGreaterThan(results[2]?.relevance_score ?? 1);
    expect(results[0]).not.toHaveProperty('document');
  });

  it.each(['top_n', 'top_k'])('ends where %s says, with the documents when asked', async field => {
    const { results } = await rank({ model, [field]: 1, return_documents: true });

    expect(results).toEqual([
      { index: 2, relevance_score: expect.any(Number), document: { text: documents[2] } },
    ]);
  });

  it('takes documents that are objects', async () => {
    const { results } = await rank({ model, documents: documents.map(text => ({ text })) });

    expect(results[0]?.index).toBe(2);
  });

  it('is metered as the vendor bills it', async () => {
    const response = await post({ model, query, documents });
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const [vendor = '', name = ''] = model.split('/');
    const sold = gateway.simulator.bill()[vendor]?.[name];

    expect(sold?.calls).toBe(1);
    expect(record).toMatchObject({
      endpoint: '/v1/rerank',
      provider: vendor,
      outcome: 'completed',
      inputTokens: sold?.input,
      outputTokens: 0,
      estimated: false,
    });
  });

  it.each([
    ['no query', { documents }, 'query'],
    ['an empty query', { query: '', documents }, 'query'],
    ['no documents', { query }, 'documents'],
    ['no document', { query, documents: [] }, 'documents'],
    ['a number for a document', { query, documents: ['a', 7] }, 'documents[1]'],
    ['none of the best', { query, documents, top_n: 0 }, 'top_n'],
    ['half a document', { query, documents, top_k: 1.5 }, 'top_k'],
    ['a wrong flag', { query, documents, return_documents: 'yes' }, 'return_documents'],
  ])('is refused for %s, naming the field', async (_, fields, param) => {
    const response = await post({ model, ...fields });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { param } });
    expect(gateway.simulator.requests()).toEqual([]);
  });

  it.each([
    ['status=429', 429],
    ['status=500', 502],
    ['malformed', 502],
    ['error-event=0', 502],
  ])('fails when the vendor does: %s', async (fault, ours) => {
    const response = await post({ model, query: `[[sim:fault ${fault}]]`, documents });

    expect(response.status).toBe(ours);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      costNanoUsd: fault.startsWith('status=') ? 0 : null,
    });
  });
});

it('tells the searches that Cohere bills, whose price nobody knows', async () => {
  const { meta, usage, x_llmhub } = await rank({ model: MODELS[0], documents: Array(101).fill('a') });

  expect(meta?.billed_units.search_units).toBe(2);
  expect(usage).toBeUndefined();
  expect(x_llmhub.cost).toBeNull();
});

it('says what a vendor that reads texts leaves out of a document', async () => {
  const { x_llmhub } = await rank({ model: MODELS[2], documents: [{ text: 'a', title: 'b' }] });

  expect(x_llmhub.warnings).toMatchObject([{ field: 'documents', action: 'approximated' }]);
});

it('hands on fields that only the vendor knows', async () => {
  await rank({ model: MODELS[0], max_tokens_per_doc: 512 });

  expect(gateway.simulator.requests().at(-1)).toMatchObject({
    path: '/cohere/v2/rerank',
    body: { max_tokens_per_doc: 512, model: 'rerank-v3.5' },
  });
});

it.each(['openai/m', 'google/m', 'mistral/m'])('says that %s ranks nothing', async model => {
  const response = await post({ model, query, documents });

  expect(response.status).toBe(400);
  await expect(response.json()).resolves.toMatchObject({ error: { param: 'model' } });
});
