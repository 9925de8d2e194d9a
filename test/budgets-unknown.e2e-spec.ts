import { UsageRecorder } from '@app/analytics';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import type { Budget } from '../libs/budgets/src/domain/budget.entity.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';

const ASK = {
  model: 'openai/gpt-4.1-mini',
  messages: [{ role: 'user' as const, content: 'What is tea?' }],
  max_tokens: 50,
};

let gateway: TestGateway;
let path: string;

beforeEach(async () => {
  gateway = await startGateway();
  path = `/admin/projects/${gateway.projectId}/budgets`;
});
afterEach(() => gateway?.stop());

async function make(settings: Partial<Budget>): Promise<Budget> {
  return (
    await gateway.admin<Budget>('POST', path, { name: 'tea', limitUsd: 1, period: 'month', ...settings })
  ).body;
}

describe('a hard budget', () => {
  it('is not passed by for an answer that must not be shorter than what it thinks', async () => {
    await make({ limitUsd: 0.03, clampOutput: true });
    const thinking = { type: 'enabled', budget_tokens: 4000 };
    const response = await postJson(gateway, '/v1/messages', {
      ...ASK,
      model: 'anthropic/claude-sonnet-4-5',
      max_tokens: 5000,
      thinking,
    });

    expect(response.status).toBe(402);
  });

  it('of an end user counts where nobody can tell whose call it is', async () => {
    const made = await make({ endUser: 'ada', limitUsd: 0.000001 });
    const own = { ...ASK, model: 'gpt-4.1-mini', user: 'ada' };

    expect((await postJson(gateway, '/openai/v1/chat/completions', own)).status).toBe(402);
    await gateway.admin('PATCH', `${path}/${made.id}`, { limitUsd: 1, unknownCostUsd: 0.1 });
    expect((await postJson(gateway, '/openai/v1/chat/completions', own)).status).toBe(200);
    await gateway.app.get(UsageRecorder).flush();
    const { body } = await gateway.admin<{ data: BudgetSpending[] }>('GET', `${path}/${made.id}/spending`);
    expect(body.data[0]?.spentUsd).toBeGreaterThan(0);
  });

  it('of a model counts in whatever letters that is asked for', async () => {
    await make({ model: 'openai/gpt-4.1-mini', limitUsd: 0.000001 });

    expect((await gateway.chat({ ...ASK, model: 'openai/GPT-4.1-Mini' })).status).toBe(402);
  });
});

describe('a budget that no call can fit', () => {
  const terms = { name: 'tea', limitUsd: 1, period: 'month' };

  it.each([
    [{ model: 'openai/' }, 'model', 'openai/*'],
    [{ model: '/gpt-5' }, 'model', 'openai/*'],
    [{ tag: 'a,b' }, 'tag', 'without commas'],
    [{ tag: ' a' }, 'tag', 'spaces at its ends'],
    [{ tag: 'a ' }, 'tag', 'spaces at its ends'],
    [{ tag: '' }, 'tag', 'one tag'],
  ])('is refused, with what to write: %j', async (settings, param, hint) => {
    const { status, body } = await gateway.admin<object>('POST', path, { ...terms, ...settings });

    expect([status, body]).toMatchObject([400, { error: { param, message: expect.stringContaining(hint) } }]);
  });

  it.each([{ tag: 'a b' }, { model: 'o*/gpt-5*x' }, { model: 'openai/*' }, { model: '*' }])(
    'is none that can: %j',
    async settings => {
      const { status, body } = await gateway.admin<object>('POST', path, { ...terms, ...settings });

      expect([status, body]).toMatchObject([201, settings]);
    },
  );
});
