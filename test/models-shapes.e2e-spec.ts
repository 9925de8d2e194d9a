import Anthropic, { BadRequestError, NotFoundError } from '@anthropic-ai/sdk';
import { GoogleGenAI, type Model } from '@google/genai';
import { startGateway, type TestGateway } from './support/gateway.js';

type Json = Record<string, unknown>;

let gateway: TestGateway;
let anthropic: Anthropic;
let google: GoogleGenAI;
let ids: string[];

beforeAll(async () => {
  gateway = await startGateway();
  const { url, projectKey: apiKey } = gateway;
  anthropic = new Anthropic({ apiKey, baseURL: url, maxRetries: 0 });
  google = new GoogleGenAI({ apiKey, httpOptions: { baseUrl: url } });
  const { data } = (await (await gateway.call('/v1/models')).json()) as { data: { id: string }[] };
  ids = data.map(({ id }) => id);
});
afterAll(() => gateway?.stop());

async function get(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: Json }> {
  const response = await gateway.call(path, { headers });
  return { status: response.status, body: (await response.json()) as Json };
}

it.each<[path: string, headers: Record<string, string>, told: string[]]>([
  ['/v1/models', {}, ['x-request-id']],
  ['/v1beta/models/openai/gpt-5', {}, ['x-request-id']],
  ['/v1/models', { 'anthropic-version': '2026-10-21' }, ['x-request-id', 'request-id']],
])('the id of a call to %s is told', async (path, headers, told) => {
  const response = await gateway.call(path, { headers });

  for (const name of told) {
    expect(response.headers.get(name)).toMatch(/^[0-9a-f-]{36}$/);
  }
});

describe('the list of models in Anthropic’s shape', () => {
  it('is read whole by its SDK, page by page, forwards', async () => {
    const seen: Anthropic.ModelInfo[] = [];
    for await (const model of anthropic.models.list({ limit: 2 })) {
      seen.push(model);
    }

    expect(seen.map(({ id }) => id)).toEqual(ids);
    expect(seen.find(({ id }) => id === 'anthropic/claude-sonnet-5')).toMatchObject({
      type: 'model',
      display_name: 'anthropic/claude-sonnet-5',
      created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      max_input_tokens: expect.any(Number),
      capabilities: { thinking: { supported: true, types: { adaptive: { supported: true } } } },
      pricing: { prompt: expect.stringMatching(/^0\.0/) },
    });
  });

  it('goes backwards, too', async () => {
    const before = ids[3] ?? '';
    const page = await anthropic.models.list({ limit: 2, before_id: before });

    expect(page.data.map(({ id }) => id)).toEqual(ids.slice(1, 3));
    expect([page.has_more, page.first_id, page.last_id]).toEqual([true, ids[1], ids[2]]);
  });

  it('shows one model, and fails in its own shape', async () => {
    await expect(anthropic.models.retrieve('openai/gpt-5')).resolves.toMatchObject({ id: 'openai/gpt-5' });
    await expect(anthropic.models.retrieve('openai/gpt-99')).rejects.toBeInstanceOf(NotFoundError);
    await expect(anthropic.models.list({ after_id: 'nobody/x' })).rejects.toBeInstanceOf(BadRequestError);
  });
});

describe('the list of models in Google’s shape', () => {
  it.each(['v1', 'v1beta'])('is read whole by its SDK at %s, page by page', async apiVersion => {
    const { url: baseUrl, projectKey: apiKey } = gateway;
    const client = new GoogleGenAI({ apiKey, apiVersion, httpOptions: { baseUrl } });
    const seen: Model[] = [];
    for await (const model of await client.models.list({ config: { pageSize: 2 } })) {
      seen.push(model);
    }

    expect(seen.map(({ name }) => name)).toEqual(ids.map(id => `models/${id}`));
    expect(seen.find(({ name }) => name === 'models/google/gemini-2.5-flash')).toMatchObject({
      displayName: 'google/gemini-2.5-flash',
      inputTokenLimit: expect.any(Number),
      supportedActions: ['generateContent', 'streamGenerateContent', 'countTokens'],
    });
  });

  it('shows one model, by the name of the list or a bare one', async () => {
    for (const model of ['models/openai/gpt-5', 'openai/gpt-5', 'gpt-5']) {
      await expect(google.models.get({ model })).resolves.toMatchObject({ name: 'models/openai/gpt-5' });
    }
    await expect(google.models.get({ model: 'openai/gpt-99' })).rejects.toMatchObject({ status: 404 });
  });
});

describe('GET /v1/models', () => {
  it.each([
    ['Google’s', '/v1/models', { 'x-goog-api-key': 'pk_of_somebody' }, 'models'],
    ['Google’s', '/v1/models?key=x', {}, 'models'],
    ['Google’s', '/v1beta/models', { 'anthropic-version': '2023-06-01' }, 'models'],
    ['Anthropic’s', '/v1/models', { 'anthropic-version': '2023-06-01' }, 'has_more'],
    ['OpenAI’s', '/v1/models', {}, 'object'],
  ])('is in %s shape for %s with %j', async (_api, path, headers, member) => {
    const { 'x-goog-api-key': google, ...others } = headers as Record<string, string>;
    const { status, body } = await get(path, {
      ...others,
      ...(google && { 'x-goog-api-key': gateway.projectKey }),
    });

    expect(status).toBe(200);
    expect(Object.keys(body)).toContain(member);
  });

  it.each([
    ['Google', '/v1beta/models?pageSize=0', {}, { error: { code: 400, status: 'INVALID_ARGUMENT' } }],
    ['Google', '/v1beta/models?pageToken=eA', {}, { error: { code: 400 } }],
    [
      'Anthropic',
      '/v1/models?limit=many',
      { 'anthropic-version': '2023-06-01' },
      { type: 'error', error: { type: 'invalid_request_error' } },
    ],
  ])('refuses %s’s callers a page that is none', async (_api, path, headers, error) => {
    const { status, body } = await get(path, headers as Record<string, string>);

    expect(status).toBe(400);
    expect(body).toMatchObject(error);
  });
});
