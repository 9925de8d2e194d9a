import OpenAI from 'openai';
import type { TestGateway } from './support/gateway.js';
import { postJson } from './support/post-json.js';
import { startSimulatedGateway } from './support/simulated.js';
import { usageOf } from './support/usage.js';

const NATIVE = ['openai/gpt-3.5-turbo-instruct', 'vllm/llama'];
const BY_CHAT = ['openai/gpt-4.1-mini', 'anthropic/claude-sonnet-5', 'google/gemini-2.5-flash', 'groq/m'];

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startSimulatedGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const post = (body: unknown): Promise<Response> => postJson(gateway, '/v1/completions', body);
const lastPath = (): string | undefined => gateway.simulator.requests().at(-1)?.path;

describe.each([...NATIVE, ...BY_CHAT])('a completion by %s', model => {
  it('is the text that comes next', async () => {
    const completion = await openai.completions.create({ model, prompt: '[[sim:count 5]]', max_tokens: 50 });

    expect(completion.object).toBe('text_completion');
    expect(completion.id).not.toBe('');
    expect(completion.choices).toEqual([
      { text: '1 2 3 4 5', index: 0, logprobs: null, finish_reason: 'stop' },
    ]);
    expect(completion.usage?.completion_tokens).toBeGreaterThan(0);
  });

  it('comes streamed, too, with usage for those who ask', async () => {
    const stream = await openai.completions.create({
      model,
      prompt: '[[sim:count 50]]',
      max_tokens: 500,
      stream: true,
      stream_options: { include_usage: true },
    });
    let text = '';
    let finish: string | null = null;
    let tokens = 0;
    for await (const { choices, usage } of stream) {
      text += choices[0]?.text ?? '';
      finish = choices[0]?.finish_reason ?? finish;
      tokens = usage?.completion_tokens ?? tokens;
    }

    expect(text).toBe(Array.from({ length: 50 }, (_, at) => at + 1).join(' '));
    expect(finish).toBe('stop');
    expect(tokens).toBeGreaterThan(20);
  });

  it('shows no usage chunk to those who did not ask', async () => {
    const text = await (await post({ model, prompt: 'Hi', max_tokens: 50, stream: true })).text();

    expect(text).toMatch(/data: \[DONE\]\n\n$/);
    expect(text).not.toContain('"choices":[]');
  });

  it('ends at a stop sequence and at its limit', async () => {
    const stopped = await openai.completions.create({
      model,
      prompt: '[[sim:count 9]]',
      max_tokens: 50,
      stop: ' 4',
    });
    const cut = await openai.completions.create({ model, prompt: '[[sim:count 99]]', max_tokens: 4 });

    expect(stopped.choices[0]).toMatchObject({ text: '1 2 3', finish_reason: 'stop' });
    expect(cut.choices[0]).toMatchObject({ finish_reason: 'length' });
  });

  it.each([false, true])('is metered as the vendor bills it (streamed: %s)', async stream => {
    const response = await post({ model, prompt: '[[sim:count 30]]', max_tokens: 100, stream });
    await response.text();
    const record = await usageOf(gateway, response.headers.get('x-request-id'));
    const [vendor = '', name = ''] = model.split('/');
    const sold = gateway.simulator.bill()[vendor]?.[name];

    expect(record).toMatchObject({
      endpoint: '/v1/completions',
      provider: vendor,
      stream,
      outcome: 'completed',
      inputTokens: sold?.input,
      outputTokens: sold?.output,
      estimated: false,
    });
  });

  it.each([
    ['429', 429],
    ['500', 502],
  ])('fails as the vendor does: %s', async (status, ours) => {
    const response = await post({ model, prompt: `[[sim:fault status=${status}]]` });

    expect(response.status).toBe(ours);
    await expect(usageOf(gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      outcome: 'failed',
    });
  });

  it('tells a failure in the middle of a stream, and no ending', async () => {
    const response = await post({
      model,
      prompt: '[[sim:count 50]] [[sim:fault error-event=5]]',
      max_tokens: 500,
      stream: true,
    });
    const text = await response.text();

    expect(text).toContain('"error":{');
    expect(text).not.toContain('[DONE]');
  });
});

describe('a model with legacy completions', () => {
  it.each(NATIVE)('is asked by them: %s', async model => {
    const { choices } = await openai.completions.create({
      model,
      prompt: ['[[sim:say one]]', '[[sim:say two]]'],
      suffix: '.',
      best_of: 2,
    });

    expect(choices).toHaveLength(2);
    expect(lastPath()).toMatch(/\/v1\/completions$/);
  });

  it('is asked for usage in streams, which a caller who did not ask never sees', async () => {
    await (await post({ model: NATIVE[0], prompt: 'Hi', stream: true })).text();

    expect(gateway.simulator.requests().at(-1)?.body).toMatchObject({
      stream_options: { include_usage: true },
    });
  });
});

describe('a model without legacy completions', () => {
  it.each(BY_CHAT)('is asked by chat: %s', async model => {
    await post({ model, prompt: 'Hi' });

    expect(lastPath()).not.toMatch(/\/v1\/completions$/);
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('"Hi"');
  });

  it.each([
    ['no prompt', {}, 'prompt'],
    ['an empty prompt', { prompt: '' }, 'prompt'],
    ['several prompts', { prompt: ['a', 'b'] }, 'prompt'],
    ['tokens', { prompt: [1, 2] }, 'prompt'],
    ['a suffix', { prompt: 'a', suffix: 'b' }, 'suffix'],
    ['an echo', { prompt: 'a', echo: true }, 'echo'],
    ['wrong log probabilities', { prompt: 'a', logprobs: true }, 'logprobs'],
    ['a wrong limit', { prompt: 'a', max_tokens: 'many' }, 'max_tokens'],
  ])('refuses %s, naming the field', async (_, fields, param) => {
    const response = await post({ model: BY_CHAT[1], ...fields });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({ error: { type: 'invalid_request_error', param } });
  });

  it('reports what chat has no word for', async () => {
    const response = await post({ model: BY_CHAT[1], prompt: 'a', best_of: 3 });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toContain('dropped=best_of');
  });

  it('tells log probabilities in four lists', async () => {
    const { choices } = await openai.completions.create({
      model: 'openai/gpt-4.1-mini',
      prompt: '[[sim:say one two]]',
      logprobs: 2,
    });

    expect(choices[0]?.logprobs).toMatchObject({
      tokens: ['one ', 'two'],
      token_logprobs: [expect.any(Number), expect.any(Number)],
      text_offset: [0, 4],
    });
    expect(Object.keys(choices[0]?.logprobs?.top_logprobs?.[0] ?? {})).toHaveLength(2);
  });
});

it('knows no model that nobody knows', async () => {
  const response = await post({ prompt: 'a', model: 'nobody-knows' });

  expect(response.status).toBe(404);
  await expect(response.json()).resolves.toMatchObject({
    error: { code: 'model_not_found', param: 'model' },
  });
});
