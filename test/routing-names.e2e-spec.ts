import type { TestGateway } from './support/gateway.js';
import { eventually } from './support/eventually.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const messages = [{ role: 'user', content: 'hi' }];
const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
const TARGETS = ['openai/gpt-5-mini', 'anthropic/claude-haiku-4-5'];

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  const at = `/admin/projects/${gateway.projectId}`;
  const targets = TARGETS.map(model => ({ model }));
  expect(await gateway.admin('POST', `${at}/routing-policies`, { name: 'fast', targets })).toMatchObject({
    status: 201,
  });
  const settings = { defaultChatModel: 'fast' };
  expect(await gateway.admin('PATCH', at, settings)).toMatchObject({ status: 200, body: settings });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

/** Every API that has answers of a model, with the policy's name where it has its model. */
const ANSWERS: readonly (readonly [path: string, body: object])[] = [
  ['/v1/chat/completions', { model: 'fast', messages }],
  ['/v1/chat/completions', { model: 'fast', messages, stream: true }],
  ['/v1/chat/completions', { messages }],
  ['/v1/completions', { model: 'fast', prompt: 'hi' }],
  ['/v1/completions', { model: 'fast', prompt: 'hi', stream: true }],
  ['/v1/messages', { model: 'fast', max_tokens: 50, messages }],
  ['/v1/messages', { model: 'fast', max_tokens: 50, messages, stream: true }],
  ['/v1/responses', { model: 'fast', input: 'hi' }],
  ['/v1/responses', { model: 'fast', input: 'hi', stream: true }],
  ['/v1beta/models/fast:generateContent', { contents }],
  ['/v1beta/models/fast:streamGenerateContent?alt=sse', { contents }],
];

describe.each(ANSWERS)('a policy at %s %j', (path, body) => {
  it('is answered by its first target', async () => {
    const response = await postJson(gateway, path, body);
    const { status, headers } = response;
    await response.text();

    expect([status, headers.get('x-llmhub-provider'), headers.get('x-llmhub-attempts')]).toEqual([
      200,
      'openai',
      '1',
    ]);
    await expect(usageOf(gateway, headers.get('x-request-id'))).resolves.toMatchObject({
      modelAsked: 'fast',
      modelUsed: expect.stringContaining('gpt-5-mini'),
    });
  });

  it('goes on to the next', async () => {
    gateway.simulator.chaos([{ vendor: 'openai', fault: 'status=404' }]);
    const response = await postJson(gateway, path, body);
    await response.text();

    expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, 'anthropic']);
  });
});

it.each<[string, object, string]>([
  ['/v1/messages/count_tokens', { model: 'fast', messages }, 'input_tokens'],
  ['/v1/responses/input_tokens', { model: 'fast', input: 'hi' }, 'input_tokens'],
  ['/v1beta/models/fast:countTokens', { contents }, 'totalTokens'],
])('tokens are counted for the first target of a policy: %s', async (path, body, field) => {
  const response = await postJson(gateway, path, body);

  expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, 'openai']);
  await expect(response.json()).resolves.toMatchObject({ [field]: expect.any(Number) });
});

it('conversations are compacted by the first target of a policy', async () => {
  const response = await postJson(gateway, '/v1/responses/compact', { model: 'fast', input: messages });

  expect([response.status, response.headers.get('x-llmhub-model')]).toEqual([200, 'gpt-5-mini']);
});

const HEADER = { 'x-llmhub-models': 'anthropic/claude-haiku-4-5, openai/gpt-5-mini' };

describe.each<[string, object]>([
  ['/v1/chat/completions', { messages }],
  ['/v1/chat/completions', { messages, models: ['google/gemini-2.5-flash'], stream: true }],
  ['/v1/completions', { prompt: 'hi' }],
  ['/v1/messages', { max_tokens: 50, messages }],
  ['/v1/responses', { input: 'hi', stream: true }],
])('models in the header alone at %s %j', (path, body) => {
  it('are asked for, the first of them first', async () => {
    const response = await postJson(gateway, path, body, HEADER);
    await response.text();

    expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, 'anthropic']);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      modelAsked: 'anthropic/claude-haiku-4-5',
    });
  });
});

it('models in the header are refused by its name', async () => {
  const response = await postJson(
    gateway,
    '/v1/chat/completions',
    { messages },
    { 'x-llmhub-models': 'a,,b' },
  );

  expect(response.status).toBe(400);
  await expect(response.json()).resolves.toMatchObject({ error: { param: 'x-llmhub-models' } });
});

it('models in the header alone are asked for in the background', async () => {
  const response = await postJson(gateway, '/v1/responses', { input: 'hi', background: true }, HEADER);
  const { id } = (await response.json()) as { readonly id: string };

  await expect(ended(id)).resolves.toMatchObject({ status: 'completed' });
  expect(Object.keys(gateway.simulator.calls())).toEqual(['anthropic']);
});

const ended = (id: string): Promise<object> =>
  eventually(async () => {
    const response = await gateway.call(`/v1/responses/${id}`);
    const body = (await response.json()) as { readonly status: string };
    expect(body.status).not.toMatch(/in_progress|queued/);
    return body;
  });

describe('a policy in the background', () => {
  it('goes to its first target, which works on it', async () => {
    const response = await postJson(gateway, '/v1/responses', {
      model: 'fast',
      input: 'hi',
      background: true,
    });

    expect([response.status, response.headers.get('x-llmhub-provider')]).toEqual([200, 'openai']);
  });

  it('is sent to one vendor alone, where the gateway works on it', async () => {
    const targets = [{ model: 'anthropic/claude-haiku-4-5' }, { model: 'openai/gpt-5-mini' }];
    const fallbacks = { contextWindow: ['openai/gpt-5'] };
    await gateway.admin('POST', `/admin/projects/${gateway.projectId}/routing-policies`, {
      name: 'slow',
      targets,
      fallbacks,
    });
    gateway.simulator.chaos([{ vendor: 'anthropic', fault: 'context' }]);
    const response = await postJson(gateway, '/v1/responses', {
      model: 'slow',
      input: 'hi',
      background: true,
    });
    const { id } = (await response.json()) as { readonly id: string };

    await expect(ended(id)).resolves.toMatchObject({ status: 'failed' });
    expect(Object.keys(gateway.simulator.calls())).toEqual(['anthropic']);
  });
});

async function told(path: string, headers: Record<string, string>): Promise<unknown> {
  return (await gateway.call(path, { headers })).json();
}

describe('a policy among the models', () => {
  it.each<[string, Record<string, string>, object]>([
    ['/v1/models', {}, { data: expect.arrayContaining([expect.objectContaining({ id: 'fast' })]) }],
    [
      '/v1/models',
      { 'anthropic-version': '2023-06-01' },
      { data: expect.arrayContaining([expect.objectContaining({ id: 'fast', type: 'model' })]) },
    ],
    [
      '/v1beta/models',
      {},
      { models: expect.arrayContaining([expect.objectContaining({ name: 'models/fast' })]) },
    ],
    ['/v1/models/fast', {}, { id: 'fast', object: 'model', owned_by: 'routing-policy', pricing: null }],
  ])('is told at %s %j', async (path, headers, expected) => {
    expect(await told(path, headers)).toMatchObject(expected);
  });

  it('is not told to a key that may use none of its targets', async () => {
    const at = `/admin/projects/${gateway.projectId}/api-keys`;
    const { body } = await gateway.admin<{ key: string }>('POST', at, {
      name: 'some',
      allowedModels: ['google/*'],
    });
    const headers = { authorization: `Bearer ${body.key}` };
    const list = await fetch(`${gateway.url}/v1/models`, { headers });
    const one = await fetch(`${gateway.url}/v1/models/fast`, { headers });

    expect(JSON.stringify(await list.json())).not.toContain('"fast"');
    expect(one.status).toBe(403);
  });
});

describe('a policy that has the name of a model', () => {
  const NAME = 'openai/gpt-5-nano';

  beforeAll(async () => {
    const made = await gateway.admin('POST', `/admin/projects/${gateway.projectId}/routing-policies`, {
      name: NAME,
      targets: [{ model: 'anthropic/claude-haiku-4-5' }],
    });
    expect(made.status).toBe(201);
  });

  it.each<[string, Record<string, string>]>([
    ['/v1/models', {}],
    ['/v1/models?limit=1000', { 'anthropic-version': '2023-06-01' }],
    ['/v1beta/models?pageSize=1000', {}],
  ])('is listed once, in its place: %s %j', async (path, headers) => {
    const { data, models } = (await told(path, headers)) as Record<string, Record<string, unknown>[]>;
    const named = (data ?? models ?? []).filter(({ id, name }) =>
      [NAME, `models/${NAME}`].includes(String(id ?? name)),
    );

    expect(named).toMatchObject([{ pricing: null }]);
    expect(JSON.stringify(data ?? models)).toContain('openai/gpt-5-mini');
  });

  it('is shown in its place', async () => {
    const policy = { id: NAME, owned_by: 'routing-policy' };
    expect(await told(`/v1/models/${NAME}`, {})).toMatchObject(policy);
    expect(await told(`/v1/models/${encodeURIComponent(NAME)}`, {})).toMatchObject(policy);
    expect(await told(`/v1beta/models/${NAME}`, {})).toMatchObject({ name: `models/${NAME}`, pricing: null });
  });

  it('hides the model from a key that may not use the policy, as its calls would be refused', async () => {
    const at = `/admin/projects/${gateway.projectId}/api-keys`;
    const { body } = await gateway.admin<{ key: string }>('POST', at, {
      name: 'narrow',
      allowedModels: ['openai/*'],
    });
    const headers = { authorization: `Bearer ${body.key}` };
    const list = await (await fetch(`${gateway.url}/v1/models`, { headers })).text();
    const one = await fetch(`${gateway.url}/v1/models/${NAME}`, { headers });

    expect(one.status).toBe(403);
    expect([list.includes('"openai/gpt-5-mini"'), list.includes(NAME)]).toEqual([true, false]);
  });
});
