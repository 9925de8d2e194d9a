import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { WEATHER } from './support/responses.js';
import { checkResponsesStream } from './support/responses-stream-grammar.js';

type Params = OpenAI.Responses.ResponseCreateParamsNonStreaming;

const KEEPERLESS = [
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
  ['groq', 'groq/llama-3.3-70b-versatile'],
] as const;

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway(({ url }) => ({
    AI_GATEWAY_PROVIDERS_GROQ_BASE_URL: `${url}/groq/v1`,
    AI_GATEWAY_PROVIDERS_GROQ_API_KEY: 'gsk-simulated',
  }));
  openai = clientOf(gateway.projectKey);
});

afterAll(() => gateway?.stop());

function clientOf(apiKey: string): OpenAI {
  return new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
}

/** One turn, whole or streamed. */
function ask(stream: boolean, params: Params): Promise<OpenAI.Responses.Response> {
  return stream
    ? openai.responses.stream({ ...params, stream: true }).finalResponse()
    : openai.responses.create(params);
}

const failureOf = (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
const lastSent = (): string => JSON.stringify(gateway.simulator.requests().at(-1)?.body);

describe.each(KEEPERLESS)('a response of %s', (vendor, model) => {
  describe.each([
    ['whole', false],
    ['streamed', true],
  ])('%s', (_kind, stream) => {
    it('is gone on from by its id, through many turns', async () => {
      const first = await ask(stream, { model, instructions: 'Be brief.', input: 'I am Ada.' });
      const second = await ask(stream, { model, input: 'I like tea.', previous_response_id: first.id });
      const third = await ask(stream, { model, input: 'Who am I?', previous_response_id: second.id });
      const sent = lastSent();

      expect(first).toMatchObject({ store: true, previous_response_id: null });
      expect(third).toMatchObject({ store: true, previous_response_id: second.id, status: 'completed' });
      const said = ['I am Ada.', first.output_text, 'I like tea.', second.output_text, 'Who am I?'];
      const places = said.map(text => sent.indexOf(JSON.stringify(text).slice(1, -1)));
      expect(places).toEqual(places.toSorted((a, b) => a - b));
      expect(Math.min(...places)).toBeGreaterThan(0);
      expect(sent).not.toContain('Be brief.');
      expect(third).toMatchObject({ x_llmhub: { provider: vendor, warnings: [] } });
    });

    it('comes back as it was', async () => {
      const response = await ask(stream, { model, input: 'Good morning', metadata: { topic: 'greeting' } });
      const { output_text: _text, ...kept } = await openai.responses.retrieve(response.id);
      const items = await openai.responses.inputItems.list(response.id);

      expect(kept).toMatchObject({ id: response.id, output: kept.output, metadata: { topic: 'greeting' } });
      expect(kept.output.map(({ type }) => type)).toEqual(response.output.map(({ type }) => type));
      expect(kept.usage).toEqual(response.usage);
      expect(items.data).toEqual([
        {
          id: expect.stringMatching(/^msg_/),
          type: 'message',
          role: 'user',
          content: [{ type: 'input_text', text: 'Good morning' }],
        },
      ]);
    });

    it('goes through a tool loop by its id', async () => {
      const tools = [WEATHER];
      const first = await ask(stream, { model, tools, input: 'Weather in Rome? [[sim:parallel]]' });
      const calls = first.output.filter(item => item.type === 'function_call');
      const second = await ask(stream, {
        model,
        tools,
        previous_response_id: first.id,
        input: calls.map(({ call_id }, index) => ({
          type: 'function_call_output',
          call_id,
          output: `sunny ${index}`,
        })),
      });

      expect(calls).toHaveLength(2);
      expect(second.output_text).toContain('sunny 1');
      expect(second).toMatchObject({ x_llmhub: { warnings: [] } });
    });
  });

  it('is not kept when its caller says so', async () => {
    const response = await openai.responses.create({ model, input: 'Hi', store: false });

    expect(response).toMatchObject({ store: false });
    await expect(failureOf(openai.responses.retrieve(response.id))).resolves.toMatchObject({
      status: 404,
      code: 'response_not_found',
    });
    await expect(
      failureOf(openai.responses.create({ model, input: 'Hi', previous_response_id: response.id })),
    ).resolves.toMatchObject({
      status: 400,
      code: 'previous_response_not_found',
      param: 'previous_response_id',
    });
  });

  it('obeys the grammar of streams while it is kept', async () => {
    const response = await gateway.call('/v1/responses', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model, stream: true, input: '[[sim:words 50]]' }),
    });
    const text = await response.text();

    checkResponsesStream(text);
    expect(text).toContain('"store":true');
  });

  it('is deleted', async () => {
    const { id } = await openai.responses.create({ model, input: 'Hi' });
    const response = await gateway.call(`/v1/responses/${id}`, { method: 'DELETE' });

    expect(await response.json()).toEqual({ id, object: 'response', deleted: true });
    await expect(failureOf(openai.responses.retrieve(id))).resolves.toMatchObject({ status: 404 });
    await expect(failureOf(openai.responses.delete(id))).resolves.toMatchObject({ status: 404 });
  });
});

describe.each([
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
])('kept reasoning of %s', (_vendor, model) => {
  it.each([
    ['whole', false],
    ['streamed', true],
  ])('%s, goes back to its issuer, and to nobody else', async (_kind, stream) => {
    const tools = [WEATHER];
    const first = await ask(stream, {
      model,
      tools,
      reasoning: { effort: 'high', summary: 'auto' },
      input: 'Weather in Oslo?',
    });
    const results = first.output
      .filter(item => item.type === 'function_call')
      .map(({ call_id }) => ({ type: 'function_call_output' as const, call_id, output: 'snow' }));
    const asked = { tools, previous_response_id: first.id, input: results };
    const second = await ask(stream, { model, ...asked, reasoning: { effort: 'high' } });
    const own = lastSent();
    await openai.responses.create({ model: 'openai/gpt-4.1-mini', ...asked });
    const other = lastSent();

    expect(second.output_text).toContain('snow');
    // The simulator refuses what it did not sign itself.
    expect(own).toMatch(/"(signature|thoughtSignature)":"(?!skip_)[^"]{8,}/);
    expect(own).not.toContain('gw1.');
    expect(other).not.toMatch(/gw1\.|signature|"id":"rs_/);
    expect(other).toContain('snow');
  });
});

describe('tokens', () => {
  it('are counted with what was said before', async () => {
    const model = 'anthropic/claude-sonnet-5';
    const { id } = await openai.responses.create({ model, input: 'Tell me about rivers' });
    const alone = await openai.responses.inputTokens.count({ model, input: 'Go on' });
    const after = await openai.responses.inputTokens.count({
      model,
      input: 'Go on',
      previous_response_id: id,
    });

    expect(after.input_tokens).toBeGreaterThan(alone.input_tokens + 4);
  });
});

describe('items by their ids', () => {
  it('stand for what the model said', async () => {
    const model = 'anthropic/claude-sonnet-5';
    const first = await openai.responses.create({ model, input: 'Tell me about rivers' });
    const second = await openai.responses.create({
      model,
      input: [
        { role: 'user', content: 'Tell me about rivers' },
        ...first.output.map(({ id }) => ({ type: 'item_reference' as const, id: id ?? '' })),
        { role: 'user', content: 'Go on' },
      ],
    });

    expect(second.status).toBe('completed');
    expect(lastSent()).toContain(JSON.stringify(first.output_text).slice(1, -1));
    await expect(
      failureOf(
        openai.responses.create({
          model,
          input: [
            { type: 'item_reference', id: `msg_${'0'.repeat(12)}7${'0'.repeat(3)}8${'0'.repeat(15)}0000` },
          ],
        }),
      ),
    ).resolves.toMatchObject({ status: 400, code: 'item_not_found' });
  });
});

describe('between vendors', () => {
  it('a response of one is gone on from at another, OpenAI among them', async () => {
    const first = await openai.responses.create({ model: 'anthropic/claude-sonnet-5', input: 'I am Ada.' });
    const second = await openai.responses.create({
      model: 'google/gemini-3-pro',
      input: 'I like tea.',
      previous_response_id: first.id,
    });
    const third = await openai.responses.create({
      model: 'openai/gpt-4.1-mini',
      input: 'Who am I?',
      previous_response_id: second.id,
    });
    const sent = lastSent();

    expect(third.status).toBe('completed');
    expect(gateway.simulator.requests().at(-1)?.path).toBe('/v1/responses');
    expect(sent).toContain('I am Ada.');
    expect(sent).toContain('I like tea.');
    // OpenAI would look these up in its own store.
    expect(sent).not.toMatch(/previous_response_id|"id":"msg_/);
  });

  it('what OpenAI keeps is not known at others', async () => {
    const failure = await failureOf(
      openai.responses.create({
        model: 'anthropic/claude-sonnet-5',
        input: 'Hi',
        previous_response_id: 'resp_047f9036fb333784006a5fe9db456c819095d041b89bf6629e',
      }),
    );

    expect(failure).toMatchObject({ status: 400, code: 'previous_response_not_found' });
  });
});
