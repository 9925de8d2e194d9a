import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { PERSON, RESPONSES_VENDORS, WEATHER } from './support/responses.js';
import { checkResponsesStream } from './support/responses-stream-grammar.js';

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

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

const lastSent = (): string => JSON.stringify(gateway.simulator.requests().at(-1)?.body);

describe.each(RESPONSES_VENDORS)(
  "OpenAI's SDK, at Responses, with %s behind the gateway",
  (vendor, model) => {
    it('gets a whole response, annotated', async () => {
      const { data, response } = await openai.responses
        .create({ model, instructions: 'Be brief.', input: 'Good morning' })
        .withResponse();

      expect(data).toMatchObject({ object: 'response', status: 'completed', error: null });
      expect(data.output_text).toContain('Good morning');
      expect(data.id).toMatch(/^resp_/);
      expect(data.usage?.total_tokens).toBe(
        (data.usage?.input_tokens ?? 0) + (data.usage?.output_tokens ?? 0),
      );
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

    it.each(['[[sim:refuse]]', '[[sim:filter]]'])('never takes %s for an answer', async input => {
      const whole = await openai.responses.create({ model, input });
      const last = await openai.responses.stream({ model, input }).finalResponse();

      for (const { output, incomplete_details } of [whole, last]) {
        const parts = output.flatMap(item => (item.type === 'message' ? item.content : []));
        const isRefused = parts.some(part => part.type === 'refusal');
        expect(isRefused || incomplete_details?.reason).toBe(isRefused || 'content_filter');
      }
      await streamed({ model, input });
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
  },
);

describe.each([
  ['openai', 'openai/gpt-5-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
])('reasoning of %s', (_vendor, model) => {
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

  it.each([
    ['whole', false],
    ['streamed', true],
  ])('an answer keeps its id, %s, also when another vendor had reasoned before', async (_how, stream) => {
    const reasoning = { effort: 'low', summary: 'auto' } as const;
    // Google's comes in clear, and as a cipher that the gateway sealed.
    const { output } = await openai.responses.create({
      model: 'google/gemini-3-pro',
      input: 'Think',
      reasoning,
    });
    expect(output.filter(({ type }) => type === 'reasoning')).toHaveLength(2);
    const input = [...output, { role: 'user', content: 'Go on' }];
    const response = await post({ model: 'openai/gpt-5-mini', input, stream });
    const [, id] = /"id":"(resp_\w+)"/.exec(await response.text()) ?? [];

    expect(id).toMatch(/^resp_sim/);
    expect(lastSent()).not.toContain('"reasoning"');
  });

  it('a caller of chat is answered by chat', async () => {
    await gateway.chat({ model: 'openai/gpt-4.1-mini', messages: [{ role: 'user', content: 'Hi' }] });

    expect(gateway.simulator.requests().at(-1)?.path).toBe('/v1/chat/completions');
  });
});

const DIFFERING = /^(status|id|call_id|encrypted_content|parsed|parsed_arguments)$/;

/**
 * What a response says, without what differs from call to call and what only one way of the SDK adds. Google tells the
 * signature of a text behind it when it streams.
 */
function said({ output }: OpenAI.Responses.Response): unknown {
  const items = output.filter(item => item.type !== 'reasoning' || item.summary.length > 0);
  return JSON.parse(
    JSON.stringify(items, (key, value: unknown) => (DIFFERING.test(key) ? undefined : value)),
  );
}
