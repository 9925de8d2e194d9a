import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { UsageRecorder } from '@app/analytics';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import type { KeyView } from '../libs/budgets/src/api/key.dto.js';
import type { Budget } from '../libs/budgets/src/domain/budget.entity.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';
import { postJson } from './support/post-json.js';

const MODEL = 'openai/gpt-4.1-mini';
const ASK = { model: MODEL, messages: [{ role: 'user' as const, content: 'What is tea?' }], max_tokens: 50 };

let gateway: TestGateway;
let budget: Budget | null = null;

beforeAll(async () => {
  gateway = await startGateway();
});
beforeEach(() => gateway.simulator.reset());
afterEach(async () => {
  if (budget) {
    await gateway.admin('DELETE', `${at()}/${budget.id}`);
    budget = null;
  }
});
afterAll(() => gateway?.stop());

const at = (): string => `/admin/projects/${gateway.projectId}/budgets`;

async function make(settings: Partial<Budget>): Promise<Budget> {
  const { status, body } = await gateway.admin<Budget>('POST', at(), {
    name: 'tea',
    limitUsd: 1,
    period: 'month',
    ...settings,
  });
  expect({ status, body }).toMatchObject({ status: 201 });
  budget = body;
  return body;
}

async function spendingOf({ id }: Budget): Promise<BudgetSpending[]> {
  await gateway.app.get(UsageRecorder).flush();
  return (await gateway.admin<{ data: BudgetSpending[] }>('GET', `${at()}/${id}/spending`)).body.data;
}

async function ask(user: string, model = MODEL): Promise<number> {
  const response = await gateway.chat({ ...ASK, model, user });
  await response.text();
  return response.status;
}

interface Refusal {
  readonly error: { readonly code: string; readonly message: string; readonly type: string };
}

describe('a hard budget', () => {
  it('is used nearly to its end, never beyond, by many callers at once, whole and streamed', async () => {
    const limitUsd = 0.002;
    const made = await make({ limitUsd });
    const statuses: number[] = [];
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        for (let refused = 0; refused < 3;) {
          const response = await gateway.chat({ ...ASK, stream: n % 2 === 0 });
          await response.text();
          statuses.push(response.status);
          refused += response.status === 402 ? 1 : 0;
        }
      }),
    );

    expect(new Set(statuses)).toEqual(new Set([200, 402]));
    const records = (await recordsOf(gateway, MODEL)).filter(({ status }) => status === 200);
    const spent = records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? NaN), 0) / 1e9;
    expect(spent).toBeLessThanOrEqual(limitUsd);
    expect(spent).toBeGreaterThan(limitUsd * 0.93);
    const [spending] = await spendingOf(made);
    expect(spending).toMatchObject({ subject: [], spentUsd: spent });
    const asked = gateway.simulator.requests().length;
    expect(asked).toBe(records.length);
  });

  it('tells its callers in their own form what is left, and asks no vendor', async () => {
    await make({ limitUsd: 0.000001, name: 'too little' });
    const options = { apiKey: gateway.projectKey, maxRetries: 3 };
    const openai = new OpenAI({ ...options, baseURL: `${gateway.url}/v1` });
    const anthropic = new Anthropic({ ...options, baseURL: gateway.url });
    const refused = await openai.chat.completions.create(ASK).catch((error: unknown) => error);

    expect(refused).toBeInstanceOf(OpenAI.APIError);
    expect(refused).toMatchObject({ status: 402, code: 'budget_exceeded', type: 'insufficient_quota' });
    expect(String(refused)).toMatch(
      /The budget 'too little' of 0\.000001 USD has 0\.000001 USD left, .* may cost up to 0\.000\d+ USD/,
    );
    const told = { budget: 'too little', limit_usd: 0.000001, used_usd: 0, remaining_usd: 0.000001 };
    await expect(anthropic.messages.create(ASK)).rejects.toMatchObject({
      status: 402,
      error: { error: { details: { error_code: 'budget_exceeded', ...told } } },
    });
    const gemini = await postJson(gateway, '/v1beta/models/gemini-2.5-flash:generateContent', {
      contents: [{ parts: [{ text: 'Tea?' }] }],
      generationConfig: { maxOutputTokens: 50 },
    });
    expect(gemini.status).toBe(402);
    const { error } = (await gemini.json()) as { error: { message: string; details: object[] } };
    expect(error.message).toMatch(/too little/);
    expect(error.details).toContainEqual(
      expect.objectContaining({
        reason: 'BUDGET_EXCEEDED',
        metadata: expect.objectContaining({ limit_usd: '0.000001', remaining_usd: '0.000001' }),
      }),
    );
    const embeddings = await postJson(gateway, '/v1/embeddings', {
      model: 'openai/text-embedding-3-small',
      input: 'tea'.repeat(100),
    });
    expect(embeddings.status).toBe(402);
    expect(gateway.simulator.requests()).toEqual([]);

    const { metadata } = ((await (await gateway.chat(ASK)).json()) as { error: { metadata: object } }).error;
    expect(metadata).toMatchObject({
      ...told,
      reset_at: expect.stringMatching(/^\d{4}-\d\d-01T00:00:00\.000Z$/),
    });
  });

  it('has answers made shorter where it may, so that they fit', async () => {
    await make({ limitUsd: 0.00025, clampOutput: true });
    const long = { model: MODEL, messages: [{ role: 'user', content: '[[sim:count 500]]' }] };
    for (const path of ['/v1/chat/completions', '/v1/responses', '/v1/messages']) {
      const body =
        path === '/v1/responses'
          ? { model: MODEL, input: '[[sim:count 500]]' }
          : { ...long, ...(path === '/v1/messages' && { max_tokens: 4000 }) };
      const response = await postJson(gateway, path, body);
      expect([path, response.status]).toEqual([path, 200]);
      const sent = gateway.simulator.requests().at(-1)?.body as Record<string, number>;
      const limit = sent['max_completion_tokens'] ?? sent['max_tokens'] ?? sent['max_output_tokens'];
      expect([path, limit]).toEqual([path, expect.any(Number)]);
      expect(limit).toBeLessThan(500);
      await gateway.admin('PATCH', `${at()}/${budget?.id}`, { limitUsd: (budget?.limitUsd ?? 0) * 2 });
      budget = (await gateway.admin<Budget>('GET', `${at()}/${budget?.id}`)).body;
    }
  });

  it('refuses what nobody can tell the cost of, unless it says what that is taken for', async () => {
    const made = await make({});
    const hosted = { ...ASK, tools: [{ type: 'web_search' }] };
    const unknown = { ...ASK, model: 'openai/gpt-99-unheard-of' };
    for (const body of [hosted, unknown]) {
      const response = await gateway.chat(body);
      expect(response.status).toBe(402);
      expect(((await response.json()) as Refusal).error).toMatchObject({
        code: 'unknown_cost',
        message: expect.stringMatching(/unknownCostUsd/),
      });
    }
    expect(
      (await postJson(gateway, '/openai/chat/completions', { ...ASK, model: 'gpt-4.1-mini' })).status,
    ).toBe(402);
    expect((await gateway.call('/openai/models')).status).toBe(200);

    await gateway.admin('PATCH', `${at()}/${made.id}`, { unknownCostUsd: 0.4 });
    const response = await postJson(gateway, '/openai/chat/completions', { ...ASK, model: 'gpt-4.1-mini' });
    expect(response.status).toBe(200);
    await response.text();
    const [spending] = await spendingOf(made);
    expect(spending?.spentUsd).toBeGreaterThan(0);
    expect(spending?.spentUsd).toBeLessThan(0.001);
    expect((await gateway.chat(unknown)).status).toBe(200);
    const [after] = await spendingOf(made);
    expect(after?.spentUsd).toBeCloseTo(0.4 + (spending?.spentUsd ?? 0), 9); // nobody knows what it cost
  });

  it('counts for each end user, and for what it is about alone', async () => {
    const made = await make({ limitUsd: 0.0002, each: ['endUser'], model: 'openai/*' });
    const asked = async (user: string): Promise<number> => {
      let calls = 0;
      while ((await ask(user)) === 200) {
        calls += 1;
      }
      return calls;
    };
    const [ada, bob] = [await asked('ada'), await asked('bob')];

    expect(ada).toBeGreaterThan(0);
    expect(bob).toBe(ada);
    expect(await ask('ada', 'anthropic/claude-sonnet-5')).toBe(200);
    const labelled = await gateway.chat({ ...ASK, user: 'ada' }, { headers: { 'x-llmhub-user': 'eve' } });
    expect([labelled.status, (await labelled.text()).length > 0]).toEqual([200, true]);
    const spending = await spendingOf(made);
    expect(spending.map(({ subject }) => subject).toSorted()).toEqual([['ada'], ['bob'], ['eve']]);
  });
});

it('holds from the next call on when it is lowered', async () => {
  const made = await make({ limitUsd: 100 });
  await (await gateway.chat(ASK)).text();
  await gateway.admin('PATCH', `${at()}/${made.id}`, { limitUsd: 0.0001 });
  const response = await gateway.chat(ASK);

  expect(response.status).toBe(402);
  const { error } = (await response.json()) as Refusal & { error: { metadata: Record<string, number> } };
  expect(error.metadata['remaining_usd']).toBeLessThan(0.0001);
});

it('counts a soft budget, and refuses nothing', async () => {
  const made = await make({ limitUsd: 0.000001, hard: false, name: 'soft' });
  await (await gateway.chat(ASK)).text();
  await (await gateway.chat({ ...ASK, stream: true })).text();
  const records = (await recordsOf(gateway, MODEL)).slice(0, 2);
  const spent = records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? NaN), 0) / 1e9;

  const [spending] = await spendingOf(made);
  expect(spending).toMatchObject({ spentUsd: spent, reservedUsd: 0 });
  expect(spending?.remainingUsd).toBeLessThan(0);
});

it('tells a key what is left of its budgets', async () => {
  const made = await make({ limitUsd: 0.5, each: ['key'] });
  await (await gateway.chat(ASK)).text();
  const [spending] = await spendingOf(made);
  const response = await gateway.call('/v1/key');
  const key = (await response.json()) as KeyView;

  expect(response.status).toBe(200);
  expect(key).toMatchObject({
    projectId: gateway.projectId,
    masked: expect.stringMatching(/^pk_.*…/),
    limits: { requestsPerMinute: null, concurrentCalls: null },
    budgets: [{ id: made.id, limitUsd: 0.5, spending }],
  });
  expect(spending?.spentUsd).toBeGreaterThan(0);
  await gateway.admin('PATCH', `${at()}/${made.id}`, { each: ['endUser'] });
  const { budgets } = (await (await gateway.call('/v1/key')).json()) as KeyView;
  expect(budgets).toMatchObject([{ id: made.id, spending: null }]);
});

describe('the budgets of a project', () => {
  it('are made, changed, shown and deleted', async () => {
    const made = await make({ name: 'first', each: ['key', 'model'], alertAt: [50] });
    expect(made).toMatchObject({
      name: 'first',
      limitUsd: 1,
      hard: true,
      timeZone: 'UTC',
      keyId: null,
      unmeasuredCost: 'maximum',
      version: 1,
    });
    const path = `${at()}/${made.id}`;
    const changed = await gateway.admin<Budget>('PATCH', path, { timeZone: 'Europe/Berlin', limitUsd: 2.5 });
    expect(changed.body).toEqual({ ...made, timeZone: 'Europe/Berlin', limitUsd: 2.5, version: 2 });
    expect((await gateway.admin<{ data: Budget[] }>('GET', at())).body.data).toEqual([changed.body]);
    await expect(gateway.admin('GET', `${path}/spending`)).resolves.toMatchObject({
      status: 200,
      body: { data: [], next: null },
    });

    expect((await gateway.admin('DELETE', path)).status).toBe(204);
    expect((await gateway.admin('GET', path)).status).toBe(404);
    budget = null;
  });

  it.each([
    [{ limitUsd: -1 }, 'limitUsd'],
    [{ limitUsd: 0.0000000001 }, 'limitUsd'],
    [{ period: 'year' }, 'period'],
    [{ timeZone: 'Mars/Olympus' }, 'timeZone'],
    [{ each: ['vendor'] }, 'each'],
    [{ each: null }, 'each'],
    [{ rolling: true, period: 'total' }, 'rolling'],
    [{ alertAt: [0] }, 'alertAt'],
    [{ unmeasuredCost: 'nothing' }, 'unmeasuredCost'],
    [{ unmeasuredCost: null }, 'unmeasuredCost'],
    [{ name: '' }, 'name'],
  ])('refuses %j', async (settings, param) => {
    const { status, body } = await gateway.admin<{ error: { param: string } }>('POST', at(), {
      name: 'tea',
      limitUsd: 1,
      period: 'month',
      ...settings,
    });
    expect([status, body.error.param]).toEqual([400, param]);
  });

  it('know the keys they are about', async () => {
    const keyId = '01936f5a-7c1e-7a1b-8f00-0123456789ab';
    const { status } = await gateway.admin('POST', at(), { name: 'k', limitUsd: 1, period: 'day', keyId });
    expect(status).toBe(404);
  });
});
