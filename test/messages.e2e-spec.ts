import { startGateway, type TestGateway } from './support/gateway.js';
import {
  MessagesCaller,
  question,
  textOf,
  VENDORS,
  WEATHER,
  withResults,
  type Annotated,
} from './support/messages.js';
import { checkMessage, checkMessagesStream } from './support/messages-stream-grammar.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;
let caller: MessagesCaller;

beforeAll(async () => {
  gateway = await startGateway();
  caller = new MessagesCaller(gateway);
});

afterAll(() => gateway?.stop());

describe.each(VENDORS)("Anthropic's SDK with %s behind the gateway", (vendor, model) => {
  it('gets a whole answer, annotated and metered', async () => {
    const { data, response } = await caller.sdk.messages
      .create(question('Good morning', { model }))
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
    const whole = await caller.ask('Tell me about rivers', { model });
    const message = await caller.ask('Tell me about rivers', { model }, 'streamed');

    expect(textOf(message)).toBe(textOf(whole));
    expect(message.usage.input_tokens).toBe(whole.usage.input_tokens);
    expect(message.usage.output_tokens).toBe(whole.usage.output_tokens);
  });

  it.each(['/v1/messages', '/v1/messages?beta=true', '/anthropic/v1/messages?beta=true'])(
    'gets a stream that keeps to the grammar at %s',
    async path => {
      const response = await caller.post(
        { ...question('Weather in Rome? [[sim:parallel]]', { model, tools: [WEATHER] }), stream: true },
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

  it('hears that a tool failed', async () => {
    const asked = 'Weather in Oslo?';
    const first = await caller.ask(asked, { model, tools: [WEATHER] });
    const second = await caller.sdk.messages.create({
      model,
      max_tokens: 1000,
      tools: [WEATHER],
      messages: withResults(asked, first, () => ({ content: 'no network', is_error: true })),
    });

    expect(textOf(second)).toMatch(/failed: .*no network|Error: no network/);
  });

  it('may say an instruction in mid-conversation', async () => {
    const message = await caller.sdk.messages.create({
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
