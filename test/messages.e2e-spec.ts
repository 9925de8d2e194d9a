import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { startGateway, type TestGateway } from './support/gateway.js';
import { checkMessage, checkMessagesStream } from './support/messages-stream-grammar.js';
import { usageOf } from './support/usage.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather of a city.',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};
const PERSON = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.4 a page').toString('base64');
const UNICODE = 'Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end';

let gateway: TestGateway;
let anthropic: Anthropic;

beforeAll(async () => {
  gateway = await startGateway();
  anthropic = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

interface Annotated {
  x_llmhub?: { provider: string; warnings: { field: string; action: string }[] };
}

type Question = Omit<Anthropic.MessageCreateParamsNonStreaming, 'max_tokens' | 'messages'> & {
  max_tokens?: number;
};

function params(
  content: Anthropic.MessageParam['content'],
  more: Question,
): Anthropic.MessageCreateParamsNonStreaming {
  return { max_tokens: 1000, messages: [{ role: 'user', content }], ...more };
}

function ask(content: Anthropic.MessageParam['content'], more: Question): Promise<Anthropic.Message> {
  return anthropic.messages.create(params(content, more));
}

function streamed(content: Anthropic.MessageParam['content'], more: Question): Promise<Anthropic.Message> {
  return anthropic.messages.stream(params(content, more)).finalMessage();
}

function raw(body: object, headers: Record<string, string> = {}, path = '/v1/messages'): Promise<Response> {
  return gateway.call(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
    body: JSON.stringify(body),
  });
}

function textOf({ content }: Anthropic.Message): string {
  return content.map(block => (block.type === 'text' ? block.text : '')).join('');
}

/** Whole and streamed, an answer says the same. */
const WAYS = [
  ['whole', ask],
  ['streamed', streamed],
] as const;

describe.each(VENDORS)("Anthropic's SDK with %s behind the gateway", (vendor, model) => {
  it('gets a whole answer, annotated and metered', async () => {
    const { data, response } = await anthropic.messages
      .create(params('Good morning', { model }))
      .withResponse();

    checkMessage({ ...data });
    expect(textOf(data)).toContain('Good morning');
    expect(data.stop_reason).toBe('end_turn');
    expect((data as Annotated).x_llmhub).toMatchObject({ provider: vendor, warnings: [] });
    expect(response.headers.get('x-llmhub-provider')).toBe(vendor);
    expect(response.headers.get('request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.headers.get('x-request-id')).toBe(response.headers.get('request-id'));
    const record = await usageOf(gateway, response.headers.get('request-id'));
    expect(record).toMatchObject({
      provider: vendor,
      endpoint: '/v1/messages',
      outcome: 'completed',
      estimated: false,
    });
    expect(record.inputTokens).toBe(data.usage.input_tokens);
    expect(record.outputTokens).toBe(data.usage.output_tokens);
    expect(record.outputTokens).toBeGreaterThan(0);
  });

  it('gets the same answer streamed', async () => {
    const whole = await ask('Tell me about rivers', { model });
    const message = await streamed('Tell me about rivers', { model });

    expect(textOf(message)).toBe(textOf(whole));
    expect(message.usage.input_tokens).toBe(whole.usage.input_tokens);
    expect(message.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it.each(['/v1/messages', '/v1/messages?beta=true', '/anthropic/v1/messages?beta=true'])(
    'gets a stream that keeps to the grammar at %s',
    async path => {
      const response = await raw(
        { ...params('Weather in Rome? [[sim:parallel]]', { model, tools: [WEATHER] }), stream: true },
        {},
        path,
      );
      const text = await response.text();

      checkMessagesStream(text);
      expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
      expect(text.match(/"x_llmhub"/g)).toHaveLength(1);
      await expect(usageOf(gateway, response.headers.get('request-id'))).resolves.toMatchObject({
        provider: vendor,
        outcome: 'completed',
        stream: true,
        finish: 'tool-calls',
        estimated: false,
      });
    },
  );

  it.each(WAYS)('goes through a tool loop with two calls at once, %s', async (_way, answer) => {
    const question = 'Weather in Paris? [[sim:parallel]]';
    const first = await answer(question, { model, system: 'Be brief.', tools: [WEATHER] });
    const calls = first.content.filter(block => block.type === 'tool_use');

    expect(first.stop_reason).toBe('tool_use');
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    for (const call of calls) {
      expect(call.input).toEqual({
        city: expect.any(String),
        unit: expect.stringMatching(/celsius|fahrenheit/),
      });
    }
    const second = await anthropic.messages.create({
      model,
      max_tokens: 1000,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: calls.map(({ id }, index) => ({
            type: 'tool_result',
            tool_use_id: id,
            content: [{ type: 'text', text: `sunny ${index}` }],
          })),
        },
      ],
    });

    expect(textOf(second)).toContain('sunny 0');
    expect(textOf(second)).toContain('sunny 1');
    expect((second as Annotated).x_llmhub?.warnings).toEqual([]);
  });

  it('hears that a tool failed', async () => {
    const first = await ask('Weather in Oslo?', { model, tools: [WEATHER] });
    const [call] = first.content.filter(block => block.type === 'tool_use');
    const second = await anthropic.messages.create({
      model,
      max_tokens: 1000,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: 'Weather in Oslo?' },
        { role: 'assistant', content: first.content },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: call?.id ?? '', content: 'no network', is_error: true },
          ],
        },
      ],
    });

    expect(textOf(second)).toMatch(/failed: .*no network|Error: no network/);
  });

  it.each(WAYS)('gets JSON that fits its schema, %s', async (_way, answer) => {
    const message = await answer('Describe Ada', {
      model,
      output_config: { format: { type: 'json_schema', schema: PERSON } },
    });

    expect(JSON.parse(textOf(message))).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });

  it.each([
    ['an image', { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PIXEL } }, PIXEL],
    [
      'a PDF',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: PDF } },
      PDF,
    ],
  ] as const)('shows %s to the model', async (_what, block, data) => {
    const message = await ask([{ type: 'text', text: 'What is this?' }, block], { model });

    expect(textOf(message)).toContain(`${Buffer.from(data, 'base64').length} bytes`);
  });

  it.each(WAYS)('keeps every character, %s', async (_way, answer) => {
    expect(textOf(await answer(`[[sim:say ${UNICODE}]]`, { model }))).toBe(UNICODE);
  });

  it.each(WAYS)('sees why an answer ended, %s', async (_way, answer) => {
    const stopped = await answer('[[sim:count 50]]', { model, stop_sequences: ['7'] });
    const cut = await answer('[[sim:count 50]]', { model, max_tokens: 3 });
    const refused = await answer('[[sim:refuse]]', { model });

    expect(textOf(stopped)).toBe('1 2 3 4 5 6 ');
    // Only Anthropic says which sequence it was, or that it was one.
    expect([stopped.stop_reason, stopped.stop_sequence]).toEqual(
      vendor === 'anthropic' ? ['stop_sequence', '7'] : ['end_turn', null],
    );
    expect(cut.stop_reason).toBe('max_tokens');
    expect(refused.stop_reason).toBe('refusal');
  });

  it('may say an instruction in mid-conversation', async () => {
    const message = await anthropic.messages.create({
      model,
      max_tokens: 1000,
      messages: [
        { role: 'user', content: 'Good morning' },
        { role: 'system' as 'user', content: 'Be brief from now on.' },
      ],
    });

    expect(textOf(message)).not.toBe('');
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).toContain('Be brief from now on.');
  });
});

describe.each(VENDORS)('a failure of %s, heard by a caller of messages', (vendor, model) => {
  describe.each([
    ['streamed', true],
    ['whole', false],
  ])('%s', (_kind, stream) => {
    it.each([
      ['status=400', 400, 'invalid_request_error'],
      // The key at fault is the gateway's, not the caller's.
      ['status=401', 502, 'api_error'],
      ['status=404', 404, 'not_found_error'],
      ['status=429,retry-after=7', 429, 'rate_limit_error'],
      ['status=500', 502, 'api_error'],
      ['status=529', 529, 'overloaded_error'],
      ['html=502', 502, 'api_error'],
      ['empty', 502, 'api_error'],
    ])('%s is %d in its own words', async (fault, status, type) => {
      const error: unknown = await anthropic.messages
        .create({ ...params(`[[sim:fault ${fault}]]`, { model }), stream })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(APIError);
      const { status: got, error: body, requestID } = error as APIError;
      expect({ got, body }).toMatchObject({
        got: status,
        body: { type: 'error', error: { type, message: expect.stringMatching(/./) }, request_id: requestID },
      });
      expect(JSON.stringify(body)).not.toMatch(/<html|sk-/);
      const record = await usageOf(gateway, requestID ?? null);
      expect(record).toMatchObject({ provider: vendor, outcome: 'failed', status, stream });
    });
  });

  it.each(['error-event=20', 'end-early', 'cut=3000', 'malformed'])(
    'ends a stream with an error event, never as a success (%s)',
    async fault => {
      const response = await raw({
        ...params(`[[sim:words 200]] [[sim:fault ${fault}]]`, { model }),
        stream: true,
      });
      const text = await response.text();

      expect(text).not.toContain('message_stop');
      if (response.status === 200) {
        checkMessagesStream(text);
        expect(text).toMatch(/event: error\ndata: [^\n]+\n\n$/);
      } else {
        // Broken before anything was said: an honest status.
        expect(JSON.parse(text)).toMatchObject({ type: 'error', error: { type: 'api_error' } });
      }
    },
  );

  it('makes the SDK throw in mid-stream, after what was said', async () => {
    const stream = anthropic.messages.stream(
      params('[[sim:words 200]] [[sim:fault error-event=20]]', { model }),
    );
    let said = '';
    stream.on('text', text => {
      said += text;
    });

    await expect(stream.finalMessage()).rejects.toBeInstanceOf(APIError);
    expect(said).not.toBe('');
  });

  it('stops when its caller leaves', async () => {
    gateway.simulator.reset();
    const stream = anthropic.messages.stream(params('[[sim:words 5000]] [[sim:fault pace=5]]', { model }));
    const left = expect(stream.finalMessage()).rejects.toThrow();
    stream.once('text', () => stream.abort());
    await left;
    await gateway.simulator.untilAborted(1);

    expect(gateway.simulator.active()).toBe(0);
  });
});

describe('thinking', () => {
  const thinking: Anthropic.ThinkingConfigParam = { type: 'adaptive', display: 'summarized' };

  it.each([
    ['anthropic', 'anthropic/claude-sonnet-5', ask],
    ['anthropic, streamed,', 'anthropic/claude-sonnet-5', streamed],
    ['google', 'google/gemini-3-pro', ask],
    ['google, streamed,', 'google/gemini-3-pro', streamed],
  ])('of %s is shown, and comes back to its issuer in a tool loop', async (_vendor, model, answer) => {
    const first = await answer('Weather in Oslo?', { model, thinking, tools: [WEATHER] });
    const [call] = first.content.filter(block => block.type === 'tool_use');
    const thoughts = first.content.filter(block => block.type === 'thinking');

    expect(thoughts.map(block => block.thinking).join('')).not.toBe('');
    expect(thoughts.every(({ signature }) => signature !== '')).toBe(true);
    const second = await anthropic.messages.create({
      model,
      max_tokens: 1000,
      thinking,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: 'Weather in Oslo?' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'rain' }] },
      ],
    });
    const sent = JSON.stringify(gateway.simulator.requests().at(-1)?.body);

    expect(textOf(second)).toContain('rain');
    expect((second as Annotated).x_llmhub?.warnings).toEqual([]);
    expect(sent).toMatch(/"signature":"[^"]{8,}|"thoughtSignature":"(?!skip_)[^"]{8,}/);
    expect(sent).not.toContain('gw1.');
  });

  it('of one vendor does not go to another, and the conversation goes on', async () => {
    const first = await ask('Weather in Oslo?', { model: 'google/gemini-3-pro', thinking, tools: [WEATHER] });
    const [call] = first.content.filter(block => block.type === 'tool_use');
    const second = await anthropic.messages.create({
      model: 'anthropic/claude-sonnet-5',
      max_tokens: 1000,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: 'Weather in Oslo?' },
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'rain' }] },
      ],
    });

    expect(textOf(second)).toContain('rain');
    expect(JSON.stringify(gateway.simulator.requests().at(-1)?.body)).not.toContain('gw1.');
  });

  it('of Anthropic that is encrypted comes back as it was', async () => {
    const question = 'Weather in Oslo? [[sim:redacted]]';
    const model = 'anthropic/claude-sonnet-5';
    const first = await streamed(question, { model, thinking, tools: [WEATHER] });
    const [call] = first.content.filter(block => block.type === 'tool_use');
    const second = await anthropic.messages.create({
      model,
      max_tokens: 1000,
      thinking,
      tools: [WEATHER],
      messages: [
        { role: 'user', content: question },
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: call?.id ?? '', content: 'rain' }] },
      ],
    });

    expect(first.content[0]?.type).toBe('redacted_thinking');
    expect(textOf(second)).toContain('rain');
  });
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
    const body = params('Hi', { model: 'anthropic/claude-sonnet-5' });
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
    ...params('Hi', { model: 'openai/gpt-4.1-mini' }),
    top_k: 3,
    context_management: { edits: [] },
    tools: [{ ...WEATHER, defer_loading: true, cache_control: { type: 'ephemeral' } }],
  };

  it('is said in the words of this API', async () => {
    const response = await raw(body);
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
    const response = await raw(body, { 'x-llmhub-strict': 'true' });

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
    const response = await raw({ ...params('Hi', { model: 'openai/gpt-4.1-mini' }), ...wrong });
    const { error } = (await response.json()) as { error: { type: string; message: string } };

    expect(response.status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toContain(`'${field}'`);
  });
});

describe('counting tokens', () => {
  const count = (model: string): Promise<Response> =>
    raw(
      { model, messages: [{ role: 'user', content: 'Good morning to you' }] },
      {},
      '/v1/messages/count_tokens',
    );

  it('is done by Anthropic for its models', async () => {
    const response = await count('anthropic/claude-sonnet-5');
    const message = await ask('Good morning to you', { model: 'anthropic/claude-sonnet-5' });

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
    const response = await raw(
      { model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] },
      { 'x-llmhub-strict': 'true' },
      '/anthropic/v1/messages/count_tokens',
    );

    expect(response.status).toBe(400);
  });
});
