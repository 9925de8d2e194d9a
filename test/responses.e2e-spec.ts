import OpenAI, {
  APIError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  RateLimitError,
} from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { checkResponsesStream } from './support/responses-stream-grammar.js';
import { usageOf } from './support/usage.js';

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;
type Items = OpenAI.Responses.ResponseInputItem[];

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city.',
  strict: true,
  parameters: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};
const PERSON = {
  type: 'json_schema' as const,
  name: 'person',
  strict: true,
  schema: {
    type: 'object',
    properties: { name: { type: 'string' }, age: { type: 'integer' } },
    required: ['name', 'age'],
    additionalProperties: false,
  },
};
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const PDF = Buffer.from('%PDF-1.4 nothing in it').toString('base64');

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

function post(body: object, init: RequestInit = {}, at = '/v1/responses'): Promise<Response> {
  return gateway.call(at, {
    method: 'POST',
    ...init,
    headers: { 'content-type': 'application/json', ...init.headers },
    body: JSON.stringify(body),
  });
}

/** The text of a stream, which obeys the grammar. */
async function streamed(body: object): Promise<string> {
  const text = await (await post({ ...body, stream: true })).text();
  checkResponsesStream(text);
  return text;
}

function callsIn(response: OpenAI.Responses.Response): OpenAI.Responses.ResponseFunctionToolCall[] {
  return response.output.filter(item => item.type === 'function_call');
}

function resultsOf(response: OpenAI.Responses.Response): Items {
  return callsIn(response).map(({ call_id }, index) => ({
    type: 'function_call_output',
    call_id,
    output: `sunny ${index}`,
  }));
}

function lastSent(): string {
  return JSON.stringify(gateway.simulator.requests().at(-1)?.body);
}

describe.each(VENDORS)("OpenAI's SDK, at Responses, with %s behind the gateway", (vendor, model) => {
  it('gets a whole response, annotated', async () => {
    const { data, response } = await openai.responses
      .create({ model, instructions: 'Be brief.', input: 'Good morning' })
      .withResponse();

    expect(data).toMatchObject({ object: 'response', status: 'completed', error: null });
    expect(data.output_text).toContain('Good morning');
    expect(data.id).toMatch(/^resp_/);
    expect(data.usage?.total_tokens).toBe((data.usage?.input_tokens ?? 0) + (data.usage?.output_tokens ?? 0));
    expect(data.usage?.output_tokens).toBeGreaterThan(0);
    expect(data).toMatchObject({ x_llmhub: { provider: vendor, attempts: 1, warnings: [] } });
    expect(response.headers.get('x-llmhub-provider')).toBe(vendor);
    expect(lastSent()).toContain('Be brief.');
  });

  it.each<[string, Omit<Params, 'stream'>]>([
    ['a text', { input: 'Tell me about rivers' }],
    ['every character', { input: '[[sim:say Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end]]' }],
    ['many events', { input: '[[sim:words 300]]' }],
    ['citations', { input: '[[sim:citations]]' }],
    ['half an answer', { input: '[[sim:count 50]] [[sim:length]]' }],
    ['a call', { input: 'Weather in Rome?', tools: [WEATHER] }],
    [
      'calls at once',
      { input: 'Weather in Rome? [[sim:parallel]] [[sim:preface Let me see.]]', tools: [WEATHER] },
    ],
    ['JSON', { input: 'Describe Ada', text: { format: PERSON } }],
    ['reasoning', { input: 'Think of a number', reasoning: { effort: 'high', summary: 'auto' } }],
  ])('gets %s whole and streamed alike', async (_what, asked) => {
    const whole = await openai.responses.create({ model, ...asked });
    const stream = openai.responses.stream({ model, ...asked });
    const last = await stream.finalResponse();

    expect(last.output_text).toBe(whole.output_text);
    expect(last.status).toBe(whole.status);
    expect(last.incomplete_details).toEqual(whole.incomplete_details);
    expect(said(last)).toEqual(said(whole));
    expect(last.usage?.output_tokens).toBe(whole.usage?.output_tokens);
    expect(last).toMatchObject({ x_llmhub: { provider: vendor } });
    await streamed({ model, ...asked });
  });

  it('says why an answer is not whole', async () => {
    const cut = await openai.responses.create({ model, input: '[[sim:count 50]]', max_output_tokens: 16 });
    const refused = await openai.responses.create({ model, input: '[[sim:refuse]]' });
    const parts = refused.output.flatMap(item => (item.type === 'message' ? item.content : []));

    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
    expect(
      refused.incomplete_details?.reason === 'content_filter' || parts.some(part => part.type === 'refusal'),
    ).toBe(true);
  });

  it.each([
    ['one call', 'Weather in Paris?', 1],
    ['parallel calls', 'Weather in Paris? [[sim:parallel]]', 2],
  ])('goes through a tool loop with %s', async (_what, content, count) => {
    const input: Items = [
      { role: 'developer', content: 'Be brief.' },
      { role: 'user', content },
    ];
    const first = await openai.responses.stream({ model, input, tools: [WEATHER] }).finalResponse();
    const calls = callsIn(first);
    const second = await openai.responses.create({
      model,
      tools: [WEATHER],
      input: [...input, ...(first.output as Items), ...resultsOf(first)],
    });

    expect(calls).toHaveLength(count);
    expect(new Set(calls.map(({ call_id }) => call_id)).size).toBe(count);
    for (const call of calls) {
      expect(JSON.parse(call.arguments)).toEqual({
        city: expect.any(String),
        unit: expect.stringMatching(/celsius|fahrenheit/),
      });
      expect(second.output_text).toContain('get_weather');
    }
    expect(second.output_text).toContain(`sunny ${count - 1}`);
    expect(second).toMatchObject({ x_llmhub: { warnings: [] } });
  });

  it('parses JSON that fits its schema', async () => {
    const parsed = await openai.responses.parse({ model, input: 'Describe Ada', text: { format: PERSON } });

    expect(JSON.parse(parsed.output_text)).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });

  it.each([
    ['an image', { type: 'input_image', detail: 'auto', image_url: `data:image/png;base64,${PIXEL}` }, PIXEL],
    [
      'a PDF',
      { type: 'input_file', filename: 'a.pdf', file_data: `data:application/pdf;base64,${PDF}` },
      PDF,
    ],
  ] as const)('shows the model %s', async (_what, part, data) => {
    const answer = await openai.responses.create({
      model,
      input: [{ role: 'user', content: [{ type: 'input_text', text: 'What is this?' }, part] }],
    });

    expect(answer.output_text).toContain(`${Buffer.from(data, 'base64').length} bytes`);
  });

  it('tools that only OpenAI has do not stop the others', async () => {
    const answer = await openai.responses.create({
      model,
      input: 'Weather in Paris?',
      tools: [WEATHER, { type: 'web_search' }],
    });

    expect(callsIn(answer).map(({ name }) => name)).toEqual(['get_weather']);
    expect(answer).toMatchObject({
      x_llmhub: { warnings: vendor === 'openai' ? [] : [{ field: 'tools', action: 'dropped' }] },
    });
  });

  it('counts tokens before they are spent', async () => {
    const response = await post(
      { model, input: 'Good morning, all of you' },
      {},
      '/v1/responses/input_tokens',
    );

    expect(await response.json()).toEqual({ object: 'response.input_tokens', input_tokens: 6 });
    expect(response.headers.get('x-llmhub-warnings')).toBe(
      vendor === 'openai' ? null : 'approximated=input_tokens',
    );
  });

  describe.each([
    ['streamed', true],
    ['whole', false],
  ])('%s', (_kind, stream) => {
    it.each([
      ['status=400', 400, BadRequestError],
      ['status=401', 502, InternalServerError],
      ['status=404', 404, NotFoundError],
      ['status=429,retry-after=7', 429, RateLimitError],
      ['status=500', 502, InternalServerError],
      ['status=529', 503, InternalServerError],
      ['empty', 502, InternalServerError],
      ['cut=0', 502, InternalServerError],
    ] as const)('a failure before the first byte (%s) is %d', async (fault, status, kind) => {
      const error: unknown = await openai.responses
        .create({ model, stream, input: `Hi [[sim:fault ${fault}]]` })
        .catch((reason: unknown) => reason);

      expect(error).toBeInstanceOf(kind);
      expect(error).toMatchObject({ status });
      expect((error as APIError).message).not.toMatch(/simulated-|sk-/);
      expect((error as APIError).headers?.get('retry-after') ?? null).toBe(status === 429 ? '7' : null);
    });
  });

  it.each(['cut=4000', 'error-event=20', 'end-early', 'malformed'])(
    'a stream that fails midway (%s) never looks complete',
    async fault => {
      const response = await post({
        model,
        stream: true,
        input: `[[sim:words 200]] [[sim:fault ${fault}]]`,
      });
      const text = await response.text();
      const record = await usageOf(gateway, response.headers.get('x-request-id'));

      checkResponsesStream(text);
      expect(text).not.toContain('event: response.completed');
      expect(text).toMatch(/event: error\n/);
      expect(record).toMatchObject({ provider: vendor, outcome: 'cut', stream: true, finish: null });
      await expect(
        openai.responses.stream({ model, input: `[[sim:words 200]] [[sim:fault ${fault}]]` }).finalResponse(),
      ).rejects.toBeInstanceOf(Error);
    },
  );

  it('stops the vendor when the caller leaves', async () => {
    const before = gateway.simulator.aborted().length;
    const stream = await openai.responses.create({
      model,
      stream: true,
      input: '[[sim:words 5000]] [[sim:fault pace=5]]',
    });
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') {
        break;
      }
    }
    await gateway.simulator.untilAborted(before + 1);

    expect(gateway.simulator.aborted().length).toBe(before + 1);
  });
});

describe.each([
  ['openai', 'openai/gpt-5-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
])('reasoning of %s', (_vendor, model) => {
  it.each([
    ['whole', false],
    ['streamed', true],
  ])('%s, comes back to its issuer untouched in a tool loop', async (_kind, stream) => {
    const asked = {
      model,
      tools: [WEATHER],
      store: false,
      reasoning: { effort: 'high', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    } satisfies Partial<Params>;
    const input: Items = [{ role: 'user', content: 'Weather in Oslo?' }];
    const first = stream
      ? await openai.responses.stream({ ...asked, input }).finalResponse()
      : await openai.responses.create({ ...asked, input });
    const second = await openai.responses.create({
      ...asked,
      input: [...input, ...(first.output as Items), ...resultsOf(first)],
    });
    const output: OpenAI.Responses.ResponseOutputItem[] = first.output;
    const reasoning = output.filter(item => item.type === 'reasoning');

    expect(reasoning.some(({ summary }) => summary.length > 0)).toBe(true);
    expect(reasoning.every(({ encrypted_content }) => Boolean(encrypted_content))).toBe(true);
    expect(first.usage?.output_tokens_details.reasoning_tokens).toBeGreaterThan(0);
    // The simulator refuses what it did not sign itself.
    expect(second.output_text).toContain('sunny 0');
    expect(second).toMatchObject({ x_llmhub: { warnings: [] } });
    expect(lastSent()).not.toContain('gw1.');
    expect(lastSent()).toMatch(/"(signature|thoughtSignature|encrypted_content)":"(?!skip_)[^"]{8,}/);
  });

  it('is left out for another vendor, and said to be', async () => {
    const { output } = await openai.responses.create({
      model,
      input: 'Think',
      reasoning: { effort: 'low', summary: 'auto' },
      include: ['reasoning.encrypted_content'],
    });
    const other = model.startsWith('anthropic') ? 'openai/gpt-4.1-mini' : 'anthropic/claude-haiku-4-5';
    const response = await post({
      model: other,
      input: [{ role: 'user', content: 'Think' }, ...output, { role: 'user', content: 'Go on' }],
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('x-llmhub-warnings')).toMatch(/dropped=(messages\.|input\.)/);
  });
});

describe('at a vendor without a memory', () => {
  it.each<[string, object]>([
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: 'conv_1' }],
    ['background', { background: true }],
    ['store', { store: true }],
    [
      'input.item_reference',
      {
        input: [
          { type: 'item_reference', id: 'msg_1' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
    [
      'input.compaction',
      {
        input: [
          { type: 'compaction', encrypted_content: 'x' },
          { role: 'user', content: 'Hi' },
        ],
      },
    ],
  ])('%s is refused by name', async (field, asked) => {
    for (const model of ['anthropic/claude-sonnet-5', 'google/gemini-3-pro']) {
      const response = await post({ model, input: 'Hi', ...asked });

      expect(response.status).toBe(400);
      await expect(response.json()).resolves.toMatchObject({
        error: { code: 'unsupported_fields', param: field },
      });
    }
  });
});

describe('between OpenAI and OpenAI', () => {
  it('every byte passes but for the name of the model', async () => {
    const raw =
      '{"model":"openai/gpt-4o-of-mine", "input":"Hi","x_new":{"a":[1.10]},"big":18446744073709551615}';
    await gateway.call('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: raw,
    });
    const seen = gateway.simulator.requests().at(-1);

    expect(seen?.path).toBe('/v1/responses');
    expect(seen?.headers['content-length']).toBe(String(raw.length - 'openai/'.length));
  });

  it('what the vendor keeps is its own business', async () => {
    const error: unknown = await openai.responses
      .create({ model: 'openai/gpt-4.1-mini', input: 'Hi', previous_response_id: 'resp_unknown' })
      .catch((reason: unknown) => reason);

    expect(error).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });

  it('a caller of another dialect gets Responses where only that carries the request', async () => {
    await gateway.chat({ model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] });

    expect(gateway.simulator.requests().at(-1)?.path).toBe('/v1/chat/completions');
  });
});

describe('a wrong request', () => {
  it.each<[string, object]>([
    ['model', { model: 7, input: 'Hi' }],
    ['input', {}],
    ['input', { input: 7 }],
    ['input[0]', { input: ['Hi'] }],
    ['input[0].role', { input: [{ role: 'robot', content: 'Hi' }] }],
    ['input[0].content', { input: [{ role: 'user', content: 7 }] }],
    ['input[0].call_id', { input: [{ type: 'function_call', name: 'f' }] }],
    ['tools[0].name', { input: 'Hi', tools: [{ type: 'function' }] }],
    ['tool_choice', { input: 'Hi', tool_choice: 'perhaps' }],
    ['text.format.name', { input: 'Hi', text: { format: { type: 'json_schema' } } }],
    ['include', { input: 'Hi', include: 'all' }],
    ['temperature', { input: 'Hi', temperature: 'warm' }],
  ])('is told that %s is', async (param, body) => {
    const response = await post({ model: 'anthropic/claude-sonnet-5', ...body });

    expect(response.status).toBe(400);
    await expect(response.json()).resolves.toMatchObject({
      error: { param, type: 'invalid_request_error', message: expect.stringMatching(/Send/) },
    });
  });

  it('without a valid key is 401', async () => {
    const response = await post(
      { model: 'gpt-5', input: 'Hi' },
      { headers: { authorization: 'Bearer pk_no' } },
    );

    expect(response.status).toBe(401);
  });
});

const DIFFERING: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'encrypted_content',
  'parsed',
  'parsed_arguments',
]);

/**
 * What a response says, without what differs from call to call and what only one way of the SDK adds. Google tells the
 * signature of a text behind it when it streams.
 */
function said({ output }: OpenAI.Responses.Response): unknown {
  const items = output.filter(item => item.type !== 'reasoning' || item.summary.length > 0);
  return JSON.parse(JSON.stringify(items, (key, value: unknown) => (DIFFERING.has(key) ? undefined : value)));
}
