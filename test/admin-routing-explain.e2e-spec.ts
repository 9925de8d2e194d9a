import { UsageRecorder } from '@app/analytics';
import { TargetHealth } from '@app/routing';
import { startGateway, type TestGateway } from './support/gateway.js';

interface Explanation {
  readonly policy: string | null;
  readonly rule: number | null;
  readonly ranking: string;
  readonly request: object;
  readonly candidates: {
    readonly target: string;
    readonly place: number | null;
    readonly excluded: string | null;
    readonly costNanoUsd: number | null;
    readonly keys: number;
  }[];
  readonly options: object;
  readonly refusal: { readonly status: number; readonly code: string; readonly message: string } | null;
}

const DEAR = 'openai/gpt-5';
const CHEAP = 'openai/gpt-5-nano';
const OTHER = 'anthropic/claude-haiku-4-5';
const NOBODY = '01936f5a-7c1e-7a1b-8f00-0123456789ab';
const HELLO = { messages: [{ role: 'user', content: 'Hello' }], max_tokens: 100 };

let gateway: TestGateway;
let projectId: string;

beforeAll(async () => {
  gateway = await startGateway();
  ({ projectId } = gateway);
  await gateway.admin('POST', `/admin/projects/${projectId}/routing-policies`, {
    name: 'fast',
    targets: [{ model: DEAR }, { model: CHEAP }, { model: OTHER }],
    strategy: 'cheapest',
    rules: [{ when: { tags: ['careful'] }, targets: [OTHER, DEAR], strategy: 'priority' }],
    fallbacks: { contextWindow: ['google/gemini-2.5-pro'] },
    maxAttempts: 2,
    timeouts: { totalMs: 9000 },
  });
});
afterAll(() => gateway?.stop());

async function ask(question: object): Promise<{ status: number; body: Explanation }> {
  return gateway.admin<Explanation>('POST', '/admin/routing/explain', { projectId, ...question });
}

describe('an explanation of routing', () => {
  it('says where a call would go, in which order, and what it would cost', async () => {
    const { status, body } = await ask({ model: 'fast', body: HELLO, inputTokens: 1_000_000 });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      policy: 'fast@1',
      rule: null,
      ranking: 'cheapest',
      request: { inputTokens: 1_000_000, maxOutputTokens: 100, stream: false, needs: [] },
      options: {
        maxAttempts: 2,
        totalMs: 9000,
        contextWindow: ['google/gemini-2.5-pro'],
        contentPolicy: [],
      },
    });
    const { body: short } = await ask({ model: 'fast', body: HELLO });
    expect(short.candidates.map(({ target, place }) => [target, place])).toEqual([
      [DEAR, 2],
      [CHEAP, 0],
      [OTHER, 1],
    ]);
    // gpt-5-nano: $0.05 for a million tokens of input and $0.40 of output; "Hello" is two tokens.
    expect(short.candidates[1]).toMatchObject({ costNanoUsd: 2 * 50 + 100 * 400, excluded: null, keys: 1 });
  });

  it('obeys headers, and names the one that is wrong', async () => {
    const { body } = await ask({
      model: 'fast',
      headers: { tags: 'careful', maxAttempts: '5', provider: '{"ignore":["anthropic"]}' },
    });

    expect(body).toMatchObject({
      rule: 0,
      ranking: 'priority',
      options: { maxAttempts: 5 },
      candidates: [
        { target: OTHER, place: null, excluded: 'in provider.ignore' },
        { target: DEAR, place: 0 },
      ],
    });
    const wrong = await ask({ model: 'fast', headers: { maxAttempts: 'many' } });
    expect(wrong).toMatchObject({ status: 400, body: { error: { param: 'x-llmhub-max-attempts' } } });
  });

  it('tries a draft without storing it, and checks it as if it were stored', async () => {
    const policy = { name: 'draft', targets: [{ model: OTHER }, { model: DEAR }] };
    expect((await ask({ model: 'draft', policy })).body).toMatchObject({
      policy: 'draft@0',
      candidates: [
        { target: OTHER, place: 0 },
        { target: DEAR, place: 1 },
      ],
    });
    expect((await ask({ model: 'fast', policy: { ...policy, name: 'fast' } })).body.policy).toBe('fast@0');
    expect((await ask({ model: 'fast' })).body.policy).toBe('fast@1');
    expect((await ask({ model: 'draft' })).status).toBe(404);

    const unknown = { ...policy, targets: [{ model: 'opnai/gpt-5' }] };
    expect(await ask({ model: 'draft', policy: unknown })).toMatchObject({
      status: 400,
      body: { error: { param: 'policy.targets.0.model' } },
    });
    expect(await ask({ model: 'draft', policy: { ...policy, strategy: 'luckiest' } })).toMatchObject({
      status: 400,
      body: { error: { param: 'policy.strategy' } },
    });
  });

  it.each([
    ['fast', 'Fast', {}],
    ['Draft', 'draft', {}],
    [DEAR, 'fast', {}],
    ['fast:free', 'fast', {}],
    ['fast', 'draft', { body: { models: [DEAR, 'Draft'] } }],
    ['fast', 'draft', { body: { models: ['draft'] }, headers: { models: DEAR } }],
  ])('refuses a draft that the call does not ask for: %s, %s, %j', async (model, name, more) => {
    const { status, body } = await ask({ model, policy: { name, targets: [{ model: OTHER }] }, ...more });

    expect({ status, body }).toMatchObject({
      status: 400,
      body: { error: { param: 'policy.name', message: expect.stringContaining(`'${model}'`) } },
    });
  });

  it.each([
    ['draft:floor', {}],
    [DEAR, { body: { models: ['draft'] } }],
    [DEAR, { headers: { models: `${CHEAP}, draft` } }],
  ])('takes a draft that the call asks for in another way: %s, %j', async (model, more) => {
    const { status, body } = await ask({
      model,
      policy: { name: 'draft', targets: [{ model: OTHER }] },
      ...more,
    });

    expect(status).toBe(200);
    expect(body.candidates.map(({ target }) => target)).toContain(OTHER);
  });

  it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    'goes by a rule on metadata that is called %s, from the store and from a draft',
    async name => {
      const labels: unknown = JSON.parse(`{"${name}": "a"}`);
      const rules = [{ when: { metadata: labels }, targets: [OTHER] }];
      const policy = { name: `by-${name}`, targets: [{ model: DEAR }, { model: OTHER }], rules };
      const at = `/admin/projects/${projectId}/routing-policies`;
      const made = await gateway.admin<{ id: string }>('POST', at, policy);
      const read = await gateway.admin<typeof policy>('GET', `${at}/${made.body.id}`);

      expect([made.status, Object.entries(read.body.rules[0]?.when.metadata ?? {})]).toEqual([
        201,
        [[name, 'a']],
      ]);
      for (const more of [{}, { policy }]) {
        const ruleFor = async (call: object): Promise<number | null> =>
          (await ask({ model: policy.name, ...more, ...call })).body.rule;
        expect(await ruleFor({ body: { ...HELLO, metadata: labels } })).toBe(0);
        expect(await ruleFor({ headers: { metadata: JSON.stringify(labels) } })).toBe(0);
        expect(await ruleFor({ body: { ...HELLO, metadata: JSON.parse(`{"${name}": "b"}`) } })).toBeNull();
        expect(await ruleFor({ body: HELLO })).toBeNull();
      }
    },
  );

  it('is none for a project that is deleted, until it is restored', async () => {
    const { body: project } = await gateway.admin<{ id: string }>('POST', '/admin/projects', {
      name: 'gone',
    });
    await gateway.admin('DELETE', `/admin/projects/${project.id}`);

    expect(await ask({ projectId: project.id, model: DEAR })).toMatchObject({
      status: 409,
      body: { error: { code: 'project_deleted' } },
    });
    await gateway.admin('POST', `/admin/projects/${project.id}/restore`);
    expect((await ask({ projectId: project.id, model: DEAR })).status).toBe(200);
  });

  it('says what a plain model would be asked with: once', async () => {
    expect((await ask({ model: 'gpt-5', body: HELLO })).body).toMatchObject({
      policy: null,
      candidates: [{ target: DEAR, place: 0, excluded: null }],
      options: { maxAttempts: 1 },
      refusal: null,
    });
  });

  it('keeps to what the project and the key may use', async () => {
    const { body: key } = await gateway.admin<{ id: string }>(
      'POST',
      `/admin/projects/${projectId}/api-keys`,
      {
        name: 'narrow',
        allowedModels: [CHEAP],
      },
    );
    const narrow = await ask({ model: 'fast', apiKeyId: key.id });
    expect(narrow.body.candidates.map(({ excluded }) => excluded)).toEqual([
      'closed to this key',
      null,
      'closed to this key',
    ]);
    const refused = await ask({ model: DEAR, apiKeyId: key.id });
    expect(refused.body.refusal).toMatchObject({ status: 403, code: 'outside_scope' });

    const { body: project } = await gateway.admin<{ id: string }>('POST', '/admin/projects', {
      name: 'only anthropic',
      allowedVendors: ['anthropic'],
    });
    const closed = await ask({ projectId: project.id, model: DEAR });
    expect(closed.body.refusal).toMatchObject({ status: 403 });
  });

  it.each([
    ['key', 'mistral/mistral-large-latest'],
    ['address', 'azure-openai/gpt-4o'],
  ])('says what a call would say without: a %s', async (missing, model) => {
    await gateway.admin('POST', `/admin/projects/${gateway.projectId}/provider-keys`, {
      name: 'of nowhere',
      provider: 'azure-openai',
      apiKey: 'azure-key-123',
    });
    const call = await gateway.chat({ model, ...HELLO });
    const { error } = (await call.json()) as { error: { code: string; message: string } };
    const { body } = await ask({ model, body: HELLO });

    expect([call.status, error.code]).toEqual([502, `no_provider_${missing}`]);
    expect(body.refusal).toEqual({ status: call.status, code: error.code, message: error.message });
    expect(body.candidates).toMatchObject([{ place: null, excluded: `no ${missing} for this vendor` }]);
    const policy = { name: 'draft', targets: [{ model }] };
    expect((await ask({ model: 'draft', policy })).body.refusal).toMatchObject({ status: 400 });
  });

  it('calls nobody, and leaves no trace', async () => {
    const before = await traces();
    await ask({ model: 'fast', body: HELLO });
    await ask({ model: 'openai/a-model-of-mine', body: HELLO });

    expect(await traces()).toEqual(before);
  });

  it('knows its project and its key, and is for admins', async () => {
    expect((await ask({ projectId: NOBODY, model: 'fast' })).status).toBe(404);
    expect((await ask({ model: 'fast', apiKeyId: NOBODY })).status).toBe(404);
    expect(await ask({ model: 'nobody-knows' })).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found' } },
    });
    expect((await gateway.call('/admin/routing/explain', { method: 'POST' })).status).toBe(403);
  });
});

/** What calls leave behind: at the vendors, in the health of targets, in the ledger. */
async function traces(): Promise<object> {
  await gateway.app.get(UsageRecorder).flush();
  const { body } = await gateway.admin<{ data: unknown[] }>('GET', `/admin/usage?projectId=${projectId}`);
  const targets = gateway.app.get(TargetHealth, { strict: false }).all();
  return {
    calls: gateway.simulator.requests().length,
    targets: targets.map(({ id }) => id),
    records: body.data.length,
  };
}
