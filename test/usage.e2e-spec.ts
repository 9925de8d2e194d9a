import { UsageRecorder } from '@app/analytics';
import type { UsageView } from '../libs/analytics/src/api/usage.dto.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

const MODELS = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', 'google/gemini-2.5-flash'];

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const ask = (model: string, content: string, more: object = {}): Promise<Response> =>
  gateway.chat({ model, messages: [{ role: 'user', content }], ...more });

describe('the usage of every call', () => {
  it('is what the vendors have on their bill, whole, streamed and reasoned', async () => {
    gateway.simulator.reset();
    const answers = await Promise.all(
      Array.from({ length: 60 }, async (_, at) => {
        const model = MODELS[at % 3] ?? '';
        const more = at % 2 ? { stream: true } : at % 5 === 0 && at % 3 ? { reasoning_effort: 'low' } : {};
        const response = await ask(model, `question ${at} [[sim:count ${at}]]`, more);
        await response.text();
        return response.status;
      }),
    );
    const records = await all();
    const bill = gateway.simulator.bill();

    expect(answers.every(status => status === 200)).toBe(true);
    expect(records).toHaveLength(60);
    expect(new Set(records.map(({ id }) => id)).size).toBe(60);
    for (const model of MODELS) {
      const [vendor = '', name = ''] = model.split('/');
      const own = records.filter(({ modelAsked }) => modelAsked === model);
      const sold = bill[vendor]?.[name];
      expect(sum(own, 'inputTokens')).toBe(sold?.input);
      expect(sum(own, 'outputTokens')).toBe(sold?.output);
      expect(sum(own, 'reasoningTokens')).toBe(sold?.reasoning);
      expect(own.every(({ costNanoUsd }) => (costNanoUsd ?? 0) > 0)).toBe(true);
    }
  });

  it('costs the same in header, body and record', async () => {
    const response = await ask('openai/gpt-4.1-mini', 'What does this cost?');
    const { x_llmhub } = (await response.json()) as { x_llmhub: { cost: number } };
    const record = await usageOf(gateway, response.headers.get('x-request-id'));

    expect(Number(response.headers.get('x-llmhub-cost-usd'))).toBe(x_llmhub.cost);
    expect(record.costNanoUsd).toBe(Math.round(x_llmhub.cost * 1e9));
    await expect(usageOf(gateway, record.upstreamId ?? null)).resolves.toMatchObject({ id: record.id });
  });

  it.each([
    ['a bad body', { model: 'openai/gpt-4.1-mini', messages: 'none' }, 400],
    ['an unknown model', { model: 'nobody-knows', messages: [] }, 404],
    [
      'an error of the vendor',
      { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: '[[sim:fault status=500]]' }] },
      502,
    ],
  ])('is recorded for %s too', async (_, body, status) => {
    const response = await gateway.chat(body);

    expect(response.status).toBe(status);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
      status,
    });
  });

  it('holds nothing of what was said, and no key', async () => {
    await (await ask('openai/gpt-4.1-mini', 'the-secret-of-the-pyramids')).text();
    const text = JSON.stringify(await all());

    expect(text).not.toContain('the-secret-of-the-pyramids');
    expect(text).not.toContain(gateway.projectKey);
    expect(text).not.toContain('sk-simulated');
  });
});

async function all(): Promise<UsageView[]> {
  await gateway.app.get(UsageRecorder).flush();
  const found: UsageView[] = [];
  let after = '';
  for (;;) {
    const { body } = await gateway.admin<{ data: UsageView[]; next: string | null }>(
      'GET',
      `/admin/usage?limit=7&projectId=${gateway.projectId}${after}`,
    );
    found.push(...body.data);
    if (!body.next) {
      return found;
    }
    after = `&after=${encodeURIComponent(body.next)}`;
  }
}

function sum(
  records: readonly UsageView[],
  field: 'inputTokens' | 'outputTokens' | 'reasoningTokens',
): number {
  return records.reduce((total, record) => total + record[field], 0);
}
