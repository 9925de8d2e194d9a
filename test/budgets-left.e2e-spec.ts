import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import type { Budget } from '../libs/budgets/src/domain/budget.entity.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';

const MODEL = 'openai/gpt-4.1-mini';
/** The vendor makes the whole answer at once, and sends it slowly. */
const CONTENT = 'What is tea? [[sim:count 40]] [[sim:fault drip=20]]';
const LIMIT_USD = 0.001;
const MOST_CALLS = 50;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

function call({ stream, signal }: { stream: boolean; signal?: AbortSignal }): Promise<Response> {
  const messages = [{ role: 'user', content: CONTENT }];
  return gateway.call('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, max_tokens: 50, stream, messages }),
    ...(signal && { signal }),
  });
}

const sold = (): number => gateway.simulator.bill()['openai']?.['gpt-4.1-mini']?.calls ?? 0;

/** Leaves as soon as the vendor has made the answer; of a stream, with the first of it. @returns the status of a refusal, else null */
async function hangUp(stream: boolean): Promise<number | null> {
  const leaving = new AbortController();
  const before = sold();
  let status: number | null = null;
  const asked = call({ stream, signal: leaving.signal }).then(
    response => response.status === 200 || (status = response.status),
    () => null,
  );
  await (stream ? asked : eventually(() => expect(status !== null || sold() > before).toBe(true)));
  leaving.abort();
  await asked;
  return status;
}

const path = (): string => `/admin/projects/${gateway.projectId}/budgets`;

async function spentOf({ id }: Budget): Promise<number> {
  await gateway.app.get(UsageRecorder).flush();
  const { body } = await gateway.admin<{ data: BudgetSpending[] }>('GET', `${path()}/${id}/spending`);
  return body.data[0]?.spentUsd ?? NaN;
}

async function leftCalls(): Promise<UsageView[]> {
  return (await recordsOf(gateway, MODEL)).filter(({ outcome }) => outcome === 'aborted');
}

const costOf = (records: readonly UsageView[]): number =>
  records.reduce((sum, { costNanoUsd }) => sum + (costNanoUsd ?? NaN), 0) / 1e9;

let budget: Budget | null = null;

async function make(settings: Partial<Budget>): Promise<Budget> {
  const limit = { name: 'tea', limitUsd: LIMIT_USD, period: 'total' };
  return (budget = (await gateway.admin<Budget>('POST', path(), { ...limit, ...settings })).body);
}

/** What a call costs that goes to its end. */
async function billOfOne(): Promise<number> {
  await (await call({ stream: false })).text();
  return costOf((await recordsOf(gateway, MODEL)).slice(0, 1));
}

afterEach(async () => {
  await gateway.admin('DELETE', `${path()}/${budget?.id}`);
});

it.each([false, true])(
  'a hard budget is not exceeded by callers who hang up before the end of what the vendor has made (stream: %j)',
  async stream => {
    const each = await billOfOne();
    const earlier = await leftCalls();
    const made = await make({});
    gateway.simulator.reset();
    let status: number | null = null;
    for (let n = 0; status === null && n < MOST_CALLS; n += 1) {
      status = await hangUp(stream);
    }

    expect(status).toBe(402);
    expect(sold()).toBeGreaterThan(2);
    const bill = sold() * each;
    expect(bill).toBeLessThanOrEqual(LIMIT_USD);
    const left = (await leftCalls()).slice(0, -earlier.length || undefined);
    expect(left.map(({ estimated }) => estimated)).toEqual(Array.from({ length: sold() }, () => true));
    expect(await spentOf(made)).toBeGreaterThanOrEqual(bill);
    expect(await spentOf(made)).toBeLessThanOrEqual(LIMIT_USD);
    expect(costOf(left)).toBeLessThan(bill); // the estimate knows nothing of what was on its way
  },
);

it.each([{ unmeasuredCost: 'estimate' as const }, { hard: false }])(
  'a budget that says so, or is not hard, is charged what left streams are thought to have cost (%j)',
  async settings => {
    const earlier = await leftCalls();
    const made = await make(settings);
    for (let n = 0; n < 3; n += 1) {
      expect(await hangUp(true)).toBeNull();
    }
    await eventually(async () => expect((await leftCalls()).length - earlier.length).toBe(3));

    expect(await spentOf(made)).toBe(costOf((await leftCalls()).slice(0, 3)));
  },
);

it('a budget has paid for a left stream what an administrator says that it cost', async () => {
  const earlier = await leftCalls();
  const made = await make({});
  expect(await hangUp(true)).toBeNull();
  await eventually(async () => expect((await leftCalls()).length - earlier.length).toBe(1));
  const [left] = await leftCalls();
  expect(left?.budgetCharges).toEqual([
    { budgetId: made.id, account: expect.any(String), window: 0, nanoUsd: expect.any(Number) },
  ]);
  expect((await spentOf(made)) * 1e9).toBeCloseTo(left?.budgetCharges?.[0]?.nanoUsd ?? NaN, 3);
  const settled = { costNanoUsd: 12_345 };
  const { status } = await gateway.admin('POST', `/admin/usage/${left?.id}/settle`, settled);

  expect(status).toBe(200);
  expect(await spentOf(made)).toBe(0.000012345);
});
