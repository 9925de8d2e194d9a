import type Anthropic from '@anthropic-ai/sdk';
import { startGateway, type TestGateway } from './support/gateway.js';
import {
  MessagesCaller,
  question,
  textOf,
  WEATHER,
  withResults,
  type Annotated,
} from './support/messages.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;
let caller: MessagesCaller;

beforeAll(async () => {
  gateway = await startGateway();
  caller = new MessagesCaller(gateway);
});

afterAll(() => gateway?.stop());

describe('thinking', () => {
  const thinking: Anthropic.ThinkingConfigParam = { type: 'adaptive', display: 'summarized' };

  const asked = 'Weather in Oslo?';

  it('of one vendor does not go to another, and the conversation goes on', async () => {
    const first = await caller.ask(asked, { model: 'google/gemini-3-pro', thinking, tools: [WEATHER] });
    const second = await goOn('anthropic/claude-sonnet-5', first);

    expect(textOf(second)).toContain('rain');
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).not.toContain('gw1.');
    expect((second as Annotated).x_llmhub?.warnings.map(({ field }) => field)).toContain(
      'messages.content.thinking',
    );
  });

  it('of Anthropic goes on as it was when the conversation also holds what another vendor thought', async () => {
    const theirs = await caller.ask(asked, { model: 'google/gemini-3-pro', thinking, tools: [WEATHER] });
    const ours = await caller.ask(asked, { model: 'anthropic/claude-sonnet-5', thinking, tools: [WEATHER] });
    const [signature] = ours.content.flatMap(block => (block.type === 'thinking' ? [block.signature] : []));
    const message = await caller.sdk.messages.create({
      model: 'anthropic/claude-sonnet-5',
      max_tokens: 1000,
      thinking,
      tools: [WEATHER],
      messages: [
        ...withResults(asked, theirs, () => ({ content: 'snow' })),
        ...withResults(asked, ours, () => ({ content: 'rain' })),
      ],
    });
    const sent = JSON.stringify(gateway.simulator.requests().at(-1)?.body);

    expect(textOf(message)).toContain('rain');
    expect(sent).toContain(`"signature":${JSON.stringify(signature)}`);
    expect(sent).not.toContain('gw1.');
  });

  it('of Anthropic that is encrypted comes back as it was', async () => {
    const model = 'anthropic/claude-sonnet-5';
    const first = await caller.ask(
      `${asked} [[sim:redacted]]`,
      { model, thinking, tools: [WEATHER] },
      'streamed',
    );

    expect(first.content[0]?.type).toBe('redacted_thinking');
    expect(textOf(await goOn(model, first))).toContain('rain');
  });

  function goOn(model: string, first: Anthropic.Message): Promise<Anthropic.Message> {
    return caller.sdk.messages.create({
      model,
      max_tokens: 1000,
      thinking,
      tools: [WEATHER],
      messages: withResults(asked, first, () => ({ content: 'rain' })),
    });
  }
});

describe('between Anthropic and Anthropic', () => {
  it('every byte the gateway does not own passes as it came, and so do version and betas', async () => {
    const body =
      '{"model":"anthropic/claude-sonnet-4-5", "max_tokens": 50, "temperature": 0.10, ' +
      '"messages":[{"role":"user","content":[{"type":"text","text":"Hi","cache_control":{"type":"ephemeral"}}]}]}';
    const response = await gateway.call('/v1/messages', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
        'anthropic-beta': 'new-thing-2026-11-01,other-2026-10-01',
      },
      body,
    });
    const seen = gateway.simulator.requests().at(-1);

    expect(response.status).toBe(200);
    expect(seen?.headers['content-length']).toBe(String(body.length - 'anthropic/'.length));
    expect(seen?.headers['anthropic-version']).toBe('2023-06-01');
    expect(seen?.headers['anthropic-beta']).toBe('new-thing-2026-11-01,other-2026-10-01');
    expect(response.headers.get('x-llmhub-upstream-request-id')).toMatch(/^req_sim_/);
  });

  it('takes the key as x-api-key, and refuses a wrong one in the words of the API', async () => {
    const body = question('Hi', { model: 'anthropic/claude-sonnet-5' });
    const headers = { 'content-type': 'application/json' };
    const post = (key: string): Promise<Response> =>
      fetch(`${gateway.url}/v1/messages`, {
        method: 'POST',
        headers: { ...headers, 'x-api-key': key },
        body: JSON.stringify(body),
      });

    expect((await post(gateway.projectKey)).status).toBe(200);
    const refused = await post('pk_wrong');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    await expect(refused.json()).resolves.toMatchObject({
      type: 'error',
      error: { type: 'authentication_error', message: expect.stringMatching(/./) },
    });
  });
});

describe('what another vendor cannot do', () => {
  const body = {
    ...question('Hi', { model: 'openai/gpt-4.1-mini' }),
    top_k: 3,
    context_management: { edits: [] },
    tools: [{ ...WEATHER, defer_loading: true, cache_control: { type: 'ephemeral' } }],
  };

  it('is said in the words of this API', async () => {
    const response = await caller.post(body);
    const { x_llmhub } = (await response.json()) as Annotated;

    expect(response.status).toBe(200);
    expect(x_llmhub?.warnings.map(({ field, action }) => `${action} ${field}`).toSorted()).toEqual([
      'dropped context_management',
      'dropped tools.cache_control',
      'dropped tools.defer_loading',
      'dropped top_k',
    ]);
  });

  it('is refused in strict mode', async () => {
    const response = await caller.post(body, { 'x-llmhub-strict': 'true' });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', details: { error_code: 'unsupported_fields' } },
    });
  });

  it.each([
    ['messages', { messages: [] }],
    ['messages[0].role', { messages: [{ role: 'king', content: 'Hi' }] }],
    ['messages[0].content[0].type', { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] }],
    ['tools[0].input_schema', { tools: [{ name: 'f' }] }],
    ['tool_choice.type', { tool_choice: { type: 'must' } }],
    ['max_tokens', { max_tokens: 'many' }],
    ['thinking.type', { thinking: {} }],
  ])('is named when it is wrong: %s', async (field, wrong) => {
    const response = await caller.post({ ...question('Hi', { model: 'openai/gpt-4.1-mini' }), ...wrong });
    const { error } = (await response.json()) as { error: { type: string; message: string } };

    expect(response.status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain(`'${field}'`);
  });
});

describe('counting tokens', () => {
  it('is done by Anthropic for its models', async () => {
    const response = await count('anthropic/claude-sonnet-5');
    const message = await caller.ask('Good morning to you', { model: 'anthropic/claude-sonnet-5' });

    await expect(response.json()).resolves.toMatchObject({ input_tokens: message.usage.input_tokens });
    expect(response.headers.get('x-llmhub-warnings')).toBeNull();
    await expect(usageOf(gateway, response.headers.get('request-id'))).resolves.toMatchObject({
      endpoint: '/v1/messages/count_tokens',
      provider: 'anthropic',
      outcome: 'completed',
      costNanoUsd: 0,
    });
  });

  it.each(['openai/gpt-4.1-mini', 'google/gemini-3-pro'])(
    'is an estimate for %s, and says so',
    async model => {
      const response = await count(model);
      const body = (await response.json()) as { input_tokens: number };

      expect(body).toMatchObject({ input_tokens: expect.any(Number), x_llmhub: { usage_estimated: true } });
      expect(body.input_tokens).toBeGreaterThan(3);
      expect(response.headers.get('x-llmhub-warnings')).toBe('approximated=input_tokens');
    },
  );

  it('is refused in strict mode where nobody counts', async () => {
    const response = await caller.post(
      { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] },
      { 'x-llmhub-strict': 'true' },
      '/anthropic/v1/messages/count_tokens',
    );

    expect(response.status).toBe(400);
  });
});

function count(model: string): Promise<Response> {
  const body = { model, messages: [{ role: 'user', content: 'Good morning to you' }] };
  return caller.post(body, {}, '/v1/messages/count_tokens');
}
