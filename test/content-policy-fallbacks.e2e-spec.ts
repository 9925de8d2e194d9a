import { startGateway, type TestGateway } from './support/gateway.js';
import { recordsOf } from './support/ledger.js';
import { type ListeningVendor, startListeningVendor } from './support/listening-vendor.js';
import { postJson } from './support/post-json.js';
import { affordRetries } from './support/retries.js';

const PROMPT = '[[sim:words 3]]';
const HELPER = 'together/helper';
/** Who refuses, and the input tokens that it counts. */
const REFUSERS = [
  ['google/gemini-2.5-pro', 4],
  ['anthropic/claude-haiku-4-5', 7],
  ['openai/gpt-4.1-mini', 7],
] as const;

/** How callers of each dialect ask. */
const CALLERS = ['chat', 'responses', 'messages', 'generateContent'] as const;
type Caller = (typeof CALLERS)[number];
const WAYS = CALLERS.flatMap(caller => [false, true].map(stream => ({ caller, stream })));

const messages = [{ role: 'user', content: PROMPT }];

/** What Anthropic and OpenAI answer, by the path at which they are asked: nothing, or a word and then nothing more. */
const ANSWERS: Readonly<Record<string, (word: string, stream: boolean) => object | readonly object[]>> = {
  '/v1/messages': (word, stream) => {
    const message = { id: 'msg_1', type: 'message', role: 'assistant', model: 'm' };
    const usage = { input_tokens: 7, output_tokens: 0 };
    const end = { stop_reason: 'refusal', stop_sequence: null };
    const said = [
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: word } },
      { type: 'content_block_stop', index: 0 },
    ];
    return stream
      ? [
          { type: 'message_start', message: { ...message, content: [], usage } },
          ...(word === '' ? [] : said),
          { type: 'message_delta', delta: end, usage: { output_tokens: 0 } },
          { type: 'message_stop' },
        ]
      : { ...message, ...end, content: word === '' ? [] : [{ type: 'text', text: word }], usage };
  },
  '/v1/chat/completions': (word, stream) => {
    const head = { id: 'c-1', created: 1, model: 'm' };
    const usage = { prompt_tokens: 7, completion_tokens: 0, total_tokens: 7 };
    const said = { role: 'assistant', content: word };
    const finish_reason = 'content_filter';
    const object = 'chat.completion.chunk';
    return stream
      ? [
          { ...head, object, choices: [{ index: 0, delta: said, finish_reason: null }] },
          { ...head, object, choices: [{ index: 0, delta: {}, finish_reason }] },
          { ...head, object, choices: [], usage },
        ]
      : { ...head, object: 'chat.completion', choices: [{ index: 0, message: said, finish_reason }], usage };
  },
  '/v1/responses': (word, stream) => {
    const content = [{ type: 'output_text', text: word, annotations: [] }];
    const item = { id: 'msg_1', type: 'message', role: 'assistant', status: 'incomplete', content };
    const begun = {
      id: 'resp_1',
      object: 'response',
      created_at: 1,
      model: 'm',
      status: 'in_progress',
      output: [],
    };
    const response = {
      ...begun,
      status: 'incomplete',
      incomplete_details: { reason: 'content_filter' },
      output: word === '' ? [] : [item],
      usage: { input_tokens: 7, output_tokens: 0, total_tokens: 7 },
    };
    const delta = {
      type: 'response.output_text.delta',
      item_id: 'msg_1',
      output_index: 0,
      content_index: 0,
      delta: word,
    };
    return stream
      ? [
          { type: 'response.created', response: begun },
          ...(word === '' ? [] : [{ type: 'response.output_item.added', output_index: 0, item }, delta]),
          { type: 'response.incomplete', response },
        ]
      : response;
  },
};

let vendor: ListeningVendor;
let gateway: TestGateway;
let policies = 0;

beforeAll(async () => {
  vendor = await startListeningVendor();
  gateway = await startGateway(simulator => ({
    AI_GATEWAY_PROVIDERS_OPENAI_BASE_URL: `${vendor.url}/v1`,
    AI_GATEWAY_PROVIDERS_ANTHROPIC_BASE_URL: vendor.url,
    AI_GATEWAY_PROVIDERS_TOGETHER_BASE_URL: `${simulator.url}/together/v1`,
    AI_GATEWAY_PROVIDERS_TOGETHER_API_KEY: 'key-of-together',
  }));
});
beforeEach(() => {
  gateway.simulator.reset();
  gateway.simulator.chaos([{ vendor: 'google', fault: 'policy' }]);
  filterAfter('');
});
afterAll(async () => {
  await gateway?.stop();
  await vendor?.close();
});

describe.each(REFUSERS)('a prompt that %s refuses without a word', (model, inputTokens) => {
  it.each(WAYS)('is answered by the fallback ($caller, stream: $stream)', async ({ caller, stream }) => {
    const policy = await makePolicy(model, { contentPolicy: [HELPER] });
    const { status, headers, text } = await ask(policy, caller, stream);

    expect({ status, provider: headers.get('x-llmhub-provider') }).toEqual({
      status: 200,
      provider: 'together',
    });
    expect(headers.get('x-llmhub-attempts')).toBe('2');
    expect(text).toContain('lorem');
    expect(text).not.toMatch(/content_filter|"refusal",|SAFETY|PROHIBITED/);
    const records = await recordsOf(gateway, policy);
    expect(records.toSorted((one, other) => one.attempts - other.attempts)).toMatchObject([
      {
        provider: model.split('/')[0],
        outcome: 'aborted',
        errorCode: 'attempt_abandoned',
        inputTokens,
        outputTokens: 0,
        estimated: false,
      },
      { provider: 'together', outcome: 'completed', attempts: 2 },
    ]);
  });

  it.each(WAYS)('is told as it was without one ($caller, stream: $stream)', async ({ caller, stream }) => {
    const policy = await makePolicy(model, { contextWindow: [HELPER] });
    const told = await ask(policy, caller, stream);

    expect(told.headers.get('x-llmhub-attempts')).toBe('1');
    expect(withoutOwn(told.text)).toEqual(withoutOwn((await ask(model, caller, stream)).text));
    expect(told).toMatchObject({
      status: 200,
      text: expect.stringMatching(/content_filter|refusal|SAFETY|PROHIBITED/),
    });
    expect(gateway.simulator.calls()).not.toHaveProperty('together');
  });

  it.each(WAYS)('is told when the fallback refuses it, too ($caller, stream: $stream)', async way => {
    const fallback = model.startsWith('google') ? REFUSERS[1][0] : REFUSERS[0][0];
    const policy = await makePolicy(model, { contentPolicy: [fallback, HELPER] });
    const { status, headers, text } = await ask(policy, way.caller, way.stream);

    expect({ status, attempts: headers.get('x-llmhub-attempts') }).toEqual({ status: 200, attempts: '2' });
    expect(text).toMatch(/content_filter|refusal|SAFETY|PROHIBITED/);
  });
});

describe.each(['anthropic/claude-haiku-4-5', 'openai/gpt-4.1-mini'])(
  'an answer of %s that has begun',
  model => {
    it.each(WAYS)(
      'stays as it is when a filter ends it ($caller, stream: $stream)',
      async ({ caller, stream }) => {
        filterAfter('Well');
        const policy = await makePolicy(model, { contentPolicy: [HELPER] });
        const { status, headers, text } = await ask(policy, caller, stream);

        expect({ status, attempts: headers.get('x-llmhub-attempts') }).toEqual({
          status: 200,
          attempts: '1',
        });
        expect(text).toContain('Well');
      },
    );
  },
);

it('a prompt that was refused without a word, and that no fallback can answer, has both attempts in its record', async () => {
  gateway.simulator.chaos([
    { vendor: 'google', fault: 'policy' },
    { vendor: 'together', fault: 'status=404' },
  ]);
  const policy = await makePolicy('google/gemini-2.5-pro', { contentPolicy: [HELPER] });
  const { status, text } = await ask(policy, 'chat', false);

  expect(status).toBe(503);
  expect(text).toContain('google/gemini-2.5-pro: 400 (content_filter)');
  const records = await recordsOf(gateway, policy);
  expect(records).toContainEqual(
    expect.objectContaining({ provider: 'google', inputTokens: 4, estimated: false }),
  );
});

async function makePolicy(model: string, fallbacks: object): Promise<string> {
  const name = `policy-${++policies}`;
  affordRetries(gateway, name);
  const path = `/admin/projects/${gateway.projectId}/routing-policies`;
  const { status } = await gateway.admin('POST', path, { name, targets: [{ model }], fallbacks });
  expect(status).toBe(201);
  return name;
}

/** What the filter of the vendor lets pass. */
function filterAfter(word: string): void {
  vendor.answer((response, { url = '', body }) => {
    const { stream = false } = JSON.parse(body) as { stream?: boolean };
    const answer = ANSWERS[url]?.(word, stream) ?? {};
    if (Array.isArray(answer)) {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const done = url === '/v1/chat/completions' ? 'data: [DONE]\n\n' : '';
      response.end(answer.map((event: object) => `data: ${JSON.stringify(event)}\n\n`).join('') + done);
    } else {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    }
  });
}

async function ask(
  model: string,
  caller: Caller,
  stream: boolean,
): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await send(model, caller, stream);
  return { status: response.status, headers: response.headers, text: await response.text() };
}

function send(model: string, caller: Caller, stream: boolean): Promise<Response> {
  switch (caller) {
    case 'chat':
      return postJson(gateway, '/v1/chat/completions', { model, stream, messages });
    case 'responses':
      return postJson(gateway, '/v1/responses', { model, stream, input: PROMPT });
    case 'messages':
      return postJson(gateway, '/v1/messages', { model, stream, max_tokens: 100, messages });
    case 'generateContent': {
      const method = stream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      const contents = [{ role: 'user', parts: [{ text: PROMPT }] }];
      return postJson(gateway, `/v1beta/models/${model}:${method}`, { contents });
    }
  }
}

/** An answer but for its ids, times, the name that was asked for, and what the gateway tells of the way. */
function withoutOwn(text: string): string {
  return text
    .replace(/,?"x_llmhub":\{.*?"simulated":true\}|,?"x_llmhub":\{.*?"warnings":\[[^\]]*\][^}]*\}/g, '')
    .replace(/[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}/g, 'ID')
    .replace(/"created(_at)?":\d+/g, '"created$1":0')
    .replace(/"model":"[^"]+"/g, '"model":"MODEL"');
}
