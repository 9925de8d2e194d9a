import { UsageRecorder } from '@app/analytics';
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

function call(signal?: AbortSignal): Promise<Response> {
  return gateway.call('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, max_tokens: 50, messages: [{ role: 'user', content: CONTENT }] }),
    ...(signal && { signal }),
  });
}

const sold = (): number => gateway.simulator.bill()['openai']?.['gpt-4.1-mini']?.calls ?? 0;

/** Leaves as soon as the vendor has made the answer. @returns the status of a refusal, else null */
async function hangUp(): Promise<number | null> {
  const leaving = new AbortController();
  const before = sold();
  let status: number | null = null;
  const asked = call(leaving.signal).then(
    response => (status = response.status),
    () => null,
  );
  await eventually(() => expect(status !== null || sold() > before).toBe(true));
  leaving.abort();
  await asked;
  return status;
}

it('a hard budget is not exceeded by callers who hang up before the answer that the vendor has made', async () => {
  await (await call()).text();
  const [{ costNanoUsd = null } = {}] = await recordsOf(gateway, MODEL);
  const path = `/admin/projects/${gateway.projectId}/budgets`;
  const settings = { name: 'tea', limitUsd: LIMIT_USD, period: 'total' };
  const { body: budget } = await gateway.admin<Budget>('POST', path, settings);
  gateway.simulator.reset();
  let status: number | null = null;
  for (let n = 0; status === null && n < MOST_CALLS; n += 1) {
    status = await hangUp();
  }

  expect(status).toBe(402);
  expect(sold()).toBeGreaterThan(2);
  expect(sold() * (costNanoUsd ?? NaN)).toBeLessThanOrEqual(LIMIT_USD * 1e9);
  const left = (await recordsOf(gateway, MODEL)).filter(({ outcome }) => outcome === 'aborted');
  expect(left.map(({ estimated, priceVersion }) => [estimated, priceVersion])).toEqual(
    left.map(() => [true, null]),
  );
  await gateway.app.get(UsageRecorder).flush();
  const spending = await gateway.admin<{ data: BudgetSpending[] }>('GET', `${path}/${budget.id}/spending`);
  const spent = left.reduce((sum, record) => sum + (record.costNanoUsd ?? NaN), 0) / 1e9;
  expect(spending.body.data[0]).toMatchObject({ spentUsd: spent });
});
