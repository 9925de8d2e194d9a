import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

interface Told {
  readonly warnings: readonly { readonly field: string; readonly action: string; readonly detail: string }[];
  readonly savings?: Readonly<Record<string, number>>;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway?.stop());

/** Questions and their answers; the last one is open. */
const chat = (questions: number) =>
  Array.from({ length: 2 * questions - 1 }, (_, at) => ({
    role: at % 2 === 0 ? ('user' as const) : ('assistant' as const),
    content: `turn ${at} ${'and more '.repeat(20)}`,
  }));
const headers = { 'x-llmhub-history': 'last=2' };
const openai = () => new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
const bodySent = () => gateway.simulator.requests().at(-1)?.body as Record<string, unknown>;

describe('the window of history that a caller asks for', () => {
  it.each(['openai/gpt-4o', 'anthropic/claude-sonnet-4-5'])(
    'is all that %s gets of a chat, and told',
    async model => {
      const system = { role: 'system' as const, content: 'Be brief.' };
      const messages = [system, ...chat(3)];
      const { data, response } = await openai()
        .chat.completions.create({ model, messages }, { headers })
        .withResponse();
      const told = (data as unknown as { x_llmhub: Told }).x_llmhub;
      const sent = JSON.stringify(bodySent());

      expect([0, 1, 2, 3, 4].map(turn => sent.includes(`turn ${turn} `))).toEqual([
        false,
        false,
        false,
        false,
        true,
      ]);
      expect(sent).toContain('Be brief.');
      expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=messages');
      expect(told.warnings).toEqual([
        {
          field: 'messages',
          action: 'dropped',
          detail: "The first 4 turns were left out, as 'x-llmhub-history' asks.",
        },
      ]);
      expect(told.savings).toEqual({ history_usd: expect.any(Number), estimated: true });
      const { savedNanoUsd } = await usageOf(gateway, response.headers.get('x-request-id'));
      expect(savedNanoUsd).toBe(Math.round((told.savings?.['history_usd'] ?? 0) * 1e9));
    },
  );

  it('leaves a conversation alone that fits', async () => {
    const body = { model: 'openai/gpt-4o', messages: chat(2) };
    const data = await openai().chat.completions.create(body, { headers });

    expect(bodySent()).toEqual({ ...body, model: 'gpt-4o' });
    expect((data as unknown as { x_llmhub: Told }).x_llmhub.warnings).toEqual([]);
  });

  it("cuts Anthropic's messages, and no loss of that kind is one to a strict caller", async () => {
    const sdk = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
    const strict = { headers: { ...headers, 'x-llmhub-strict': 'true' } };
    const body = { model: 'anthropic/claude-sonnet-4-5', max_tokens: 9, messages: chat(3) };
    await sdk.messages.create(body, strict);

    expect(bodySent()).toMatchObject({ max_tokens: 9, messages: [{ role: 'user' }] });
    expect(JSON.stringify(bodySent())).toContain('turn 4 ');
  });

  it('cuts the input of Responses, in streams, too', async () => {
    const { data, response } = await openai()
      .responses.create({ model: 'openai/gpt-4o', input: chat(3), stream: true }, { headers })
      .withResponse();
    for await (const event of data) {
      expect(event.type).not.toBe('error');
    }

    expect(bodySent()['input']).toEqual(chat(3).slice(-1));
    expect(response.headers.get('x-llmhub-warnings')).toBe('dropped=input');
  });

  it('has another answer in the cache than the whole conversation', async () => {
    const created = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', {
      name: 'kept',
      cache: 'all',
    });
    const sdk = new OpenAI({ apiKey: created.body.apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const ask = async (more: Record<string, string>): Promise<string | null> => {
      const body = { model: 'openai/gpt-4o', messages: chat(3) };
      const { response } = await sdk.chat.completions.create(body, { headers: more }).withResponse();
      return response.headers.get('x-llmhub-cache');
    };

    expect([await ask({}), await ask(headers), await ask({ 'x-llmhub-history': 'last=3' })]).toEqual([
      'miss',
      'miss',
      'miss',
    ]);
    expect(await ask(headers)).toMatch(/^hit/);
  });

  it.each(['last=0', 'half', ''])('is refused when it is %j', async value => {
    const body = { model: 'openai/gpt-4o', messages: chat(1) };
    const refused = openai().chat.completions.create(body, { headers: { 'x-llmhub-history': value } });

    await expect(refused).rejects.toMatchObject({ status: 400, param: 'x-llmhub-history' });
  });
});
