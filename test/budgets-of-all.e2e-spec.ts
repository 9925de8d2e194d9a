import { UsageRecorder } from '@app/analytics';
import type {
  BudgetSpendingPage,
  StandingBudget,
  StandingBudgetPage,
} from '../libs/budgets/src/api/budgets.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';

const MODEL = 'openai/gpt-4.1-mini';
const USERS = 6;
/** Accounts that are told with a budget. */
const TOLD = 5;

let gateway: TestGateway;
let otherId: string;

beforeAll(async () => {
  gateway = await startGateway();
  const other = await gateway.admin<{ id: string }>('POST', '/admin/projects', { name: 'shop' });
  otherId = other.body.id;
});
afterAll(() => gateway?.stop());

async function make(projectId: string, settings: object): Promise<void> {
  const terms = { name: 'tea', limitUsd: 1, period: 'month', ...settings };
  const { status } = await gateway.admin('POST', `/admin/projects/${projectId}/budgets`, terms);
  expect(status).toBe(201);
}

async function list(query = ''): Promise<StandingBudgetPage> {
  const { status, body } = await gateway.admin<StandingBudgetPage>('GET', `/admin/budgets${query}`);
  expect(status).toBe(200);
  return body;
}

async function spending({ projectId, id }: StandingBudget, query: string): Promise<BudgetSpendingPage> {
  const at = `/admin/projects/${projectId}/budgets/${id}/spending${query}`;
  return (await gateway.admin<BudgetSpendingPage>('GET', at)).body;
}

describe('the budgets of all projects', () => {
  it('are listed page by page with their projects, and what is spent of them now', async () => {
    await expect(list()).resolves.toEqual({ data: [], next: null });
    await make(gateway.projectId, { name: 'of each', each: ['endUser'] });
    await make(otherId, { name: 'of the shop' });
    for (let user = 0; user < USERS; user += 1) {
      const answer = await gateway.chat({
        model: MODEL,
        messages: [{ role: 'user', content: 'Hello' }],
        user: `user-${user}`,
      });
      expect(answer.status).toBe(200);
      await answer.text();
    }
    await gateway.app.get(UsageRecorder).flush();

    const first = await list('?limit=1');
    expect(first).toMatchObject({ data: [{ name: 'of each', projectId: gateway.projectId }] });
    const second = await list(`?limit=1&after=${first.next}`);
    expect(second).toMatchObject({
      data: [{ projectName: 'shop', projectId: otherId, spending: { data: [], next: null } }],
      next: null,
    });
    const [ofEach] = first.data as [StandingBudget];
    expect(ofEach.spending.data).toHaveLength(TOLD);
    const rest = await spending(ofEach, `?after=${ofEach.spending.next}`);
    expect(rest).toMatchObject({ data: [{ spentUsd: expect.any(Number) }], next: null });
    const all = [...ofEach.spending.data, ...rest.data];
    const users = Array.from({ length: USERS }, (_, user) => [`user-${user}`]);
    expect(all.map(({ subject }) => subject).toSorted()).toEqual(users);
    for (const { spentUsd } of all) {
      expect(spentUsd).toBeGreaterThan(0);
    }
  });

  it.each(['limit=0', 'limit=101', 'after='])('are not told of %s', async query => {
    const { status, body } = await gateway.admin('GET', `/admin/budgets?${query}`);
    expect({ status, body }).toMatchObject({ status: 400, body: { error: { param: query.split('=')[0] } } });
  });
});
