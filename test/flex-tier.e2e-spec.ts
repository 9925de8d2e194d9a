import type { ServerResponse } from 'node:http';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { UsageRecorder } from '@app/analytics';
import type { BudgetSpending } from '../libs/budgets/src/api/budgets.dto.js';
import type { Budget } from '../libs/budgets/src/domain/budget.entity.js';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { usageOf } from './support/usage.js';

const LATER = { 'x-llmhub-deadline': '24h' };
const MODEL = 'openai/gpt-5-mini';

/** One US dollar for a thousand tokens, half of it in the flex tier. */
const PRICE = {
  input_cost_per_token: 0.001,
  output_cost_per_token: 0.001,
  input_cost_per_token_flex: 0.0005,
  output_cost_per_token_flex: 0.0005,
};
const COMPLETION = {
  id: 'c',
  object: 'chat.completion',
  created: 1,
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 },
};

let gateway: TestGateway;
let vendor: ListeningVendor;

beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway({
    AI_GATEWAY_PROVIDERS_PATIENT_BASE_URL: `${vendor.url}/v1`,
    AI_GATEWAY_PROVIDERS_PATIENT_API_KEY: 'patient-key',
  });
  await gateway.admin('PUT', '/admin/prices', { prices: { 'patient/m': PRICE } });
});

afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

async function spendingOf(budgets: string, { id }: Budget) {
  return (await gateway.admin<{ data: BudgetSpending[] }>('GET', `${budgets}/${id}/spending`)).body;
}

const openai = () => new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
const bodiesSent = () => gateway.simulator.requests().map(({ body }) => body as Record<string, unknown>);
const bodySent = () => bodiesSent().at(-1) ?? {};

/** A whole chat, and what it cost in nano-USD. */
async function chat(content: string, headers = {}, more: Partial<OpenAI.ChatCompletionCreateParams> = {}) {
  const { data, response } = await openai()
    .chat.completions.create(
      { model: MODEL, messages: [{ role: 'user', content }], ...more, stream: false },
      { headers },
    )
    .withResponse();
  const record = await usageOf(gateway, response.headers.get('x-request-id'));
  return { answer: data, attempts: response.headers.get('x-llmhub-attempts'), record };
}

describe('a call that can wait', () => {
  it('is answered in the flex tier, at half the price', async () => {
    const [now, later] = [await chat('How are you?'), await chat('How are you?', LATER)];

    expect(bodySent()['service_tier']).toBe('flex');
    expect(later.answer.service_tier).toBe('flex');
    expect(later.record.costNanoUsd).toBe((now.record.costNanoUsd ?? 0) / 2);
    expect([now, later].map(({ record }) => record.priceExact)).toEqual([true, true]);
  });

  it.each([429, 400])('is answered in the usual one where the other is refused with %i', async status => {
    const before = gateway.simulator.requests().length;
    const { answer, attempts, record } = await chat(`[[sim:fault status=${status} tier=flex]] Hello.`, LATER);

    expect(answer.service_tier).toBe('default');
    expect(attempts).toBe('2');
    expect(
      bodiesSent()
        .slice(before)
        .map(body => body['service_tier']),
    ).toEqual(['flex', undefined]);
    expect(record).toMatchObject({ outcome: 'completed', attempts: 2 });
  });

  it('has the tier that its caller chose, or none where there is no other', async () => {
    await chat('Hello.', LATER, { service_tier: 'default' });
    expect(bodySent()['service_tier']).toBe('default');
    await chat('Hello.', LATER, { model: 'openai/gpt-4o' });
    expect(bodySent()).not.toHaveProperty('service_tier');
    await chat('Hello.');
    expect(bodySent()).not.toHaveProperty('service_tier');
  });

  it('is one whatever it is asked in, whole or as a stream', async () => {
    const auth = { apiKey: gateway.projectKey };
    await openai().responses.create({ model: MODEL, input: 'Hello.', store: false }, { headers: LATER });
    expect(bodySent()['service_tier']).toBe('flex');
    const claude = new Anthropic({ ...auth, baseURL: gateway.url, maxRetries: 0 });
    await claude.messages.create(
      { model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'Hello.' }] },
      { headers: LATER },
    );
    expect(bodySent()['service_tier']).toBe('flex');
    const gemini = new GoogleGenAI({ ...auth, httpOptions: { baseUrl: gateway.url, headers: LATER } });
    await gemini.models.generateContent({ model: MODEL, contents: 'Hello.' });
    expect(bodySent()['service_tier']).toBe('flex');
    const stream = await openai().chat.completions.create(
      {
        model: MODEL,
        messages: [{ role: 'user', content: 'Hello.' }],
        stream: true,
        stream_options: { include_usage: true },
      },
      { headers: LATER },
    );
    for await (const chunk of stream) {
      expect(chunk.service_tier).toBe('flex');
    }
  });

  it('has its hold in a budget until the usual tier has answered, too', async () => {
    vendor.answer((response, { body }) => {
      if (body.includes('flex')) {
        response.writeHead(429, { 'content-type': 'application/json' }).end('{"error": {"message": "full"}}');
      } else {
        waiting.resolve(response);
      }
    });
    const budgets = `/admin/projects/${gateway.projectId}/budgets`;
    const terms = { name: 'all', limitUsd: 1, period: 'total' };
    const { body: made } = await gateway.admin<Budget>('POST', budgets, terms);
    const waiting = Promise.withResolvers<ServerResponse>();
    const asked = { model: 'patient/m', messages: [{ role: 'user', content: 'Hi' }], max_tokens: 100 };
    const answering = gateway.chat(asked, { headers: LATER });
    const response = await waiting.promise;
    const { data: held } = await spendingOf(budgets, made);
    expect(held).toMatchObject([{ reservedUsd: expect.any(Number) }]);
    expect(held[0]?.reservedUsd).toBeGreaterThanOrEqual(100 * 0.001);
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(COMPLETION));
    expect((await answering).status).toBe(200);

    await eventually(async () => {
      await gateway.app.get(UsageRecorder).flush();
      const { data } = await spendingOf(budgets, made);
      expect(data).toMatchObject([{ spentUsd: 0.003 }]);
    });
  });

  it('refuses a time that it cannot read, and names the header', async () => {
    await expect(chat('Hello.', { 'x-llmhub-deadline': 'tomorrow' })).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining("'x-llmhub-deadline' must be a time from 15m to 24h"),
    });
  });
});
