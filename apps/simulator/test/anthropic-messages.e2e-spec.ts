import Anthropic, { APIError, AuthenticationError } from '@anthropic-ai/sdk';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const weather: Anthropic.Tool = {
  name: 'get_weather',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

const user = (content: string): Anthropic.MessageParam => ({ role: 'user', content });

const longSystem = (more: object): Anthropic.TextBlockParam[] => [
  { type: 'text', text: 'system '.repeat(800), ...more },
];

describe('Anthropic Messages', () => {
  let simulator: Simulator;
  let anthropic: Anthropic;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    anthropic = new Anthropic({ apiKey: 'key', baseURL: simulator.url, maxRetries: 0 });
  });
  afterAll(() => simulator.close());

  const params = (content: string, more: Partial<Anthropic.MessageCreateParamsNonStreaming> = {}) => ({
    model: 'claude-sonnet-5',
    max_tokens: 2000,
    messages: [user(content)],
    ...more,
  });

  const refused = async (body: object, version = '2026-10-21'): Promise<APIError> => {
    const headers = { 'anthropic-version': version };
    const error = await anthropic.post('/v1/messages', { body, headers }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(APIError);
    return error as APIError;
  };

  it('echoes, whole and streamed', async () => {
    const whole = await anthropic.messages.create(params('hello there'));
    const streamed = await anthropic.messages.stream(params('hello there')).finalMessage();

    expect(whole.content).toMatchObject([{ type: 'text', text: 'You said: hello there (2 words).' }]);
    expect(whole.stop_reason).toBe('end_turn');
    expect(whole.usage).toMatchObject({ input_tokens: 3, output_tokens: 8 });
    expect(streamed.content).toMatchObject([{ type: 'text', text: 'You said: hello there (2 words).' }]);
    expect(streamed.usage).toMatchObject({ input_tokens: 3, output_tokens: 8 });
  });

  it('takes its thinking and calls back only as it gave them', async () => {
    const thinking = { type: 'enabled' as const, budget_tokens: 1024 };
    const question = user('Paris?');
    const first = await anthropic.messages
      .stream(params('Paris?', { tools: [weather], thinking }))
      .finalMessage();
    const [thought, use] = first.content;
    if (thought?.type !== 'thinking' || use?.type !== 'tool_use') {
      throw new Error('Expected thinking and a call.');
    }
    expect(first.stop_reason).toBe('tool_use');
    expect(use.input).toEqual({ city: 'Paris' });
    expect(first.usage.output_tokens_details?.thinking_tokens).toBe(
      Math.ceil(Buffer.byteLength(thought.thinking) / 4),
    );

    const result = { type: 'tool_result' as const, tool_use_id: use.id, content: 'sunny' };
    const again = (content: Anthropic.ContentBlockParam[]) => ({
      ...params('', { tools: [weather], thinking }),
      messages: [
        question,
        { role: 'assistant' as const, content },
        { role: 'user' as const, content: [result] },
      ],
    });
    const second = await anthropic.messages.create(again([thought, use]));
    expect(second.content.at(-1)).toMatchObject({ text: 'Tool get_weather said: sunny' });

    expect((await refused(again([{ ...thought, thinking: 'Something else.' }, use]))).message).toMatch(
      /signature/,
    );
    expect((await refused(again([use]))).message).toMatch(/Expected `thinking`/);
    expect((await refused({ ...again([thought, use]), model: 'claude-opus-4-6' })).message).toMatch(
      /signature/,
    );
  });

  it('encrypts its thinking when told, and takes that back too', async () => {
    const thinking = { type: 'adaptive' as const };
    const first = await anthropic.messages.stream(params('[[sim:redacted]] hi', { thinking })).finalMessage();
    expect(first.content[0]?.type).toBe('redacted_thinking');

    const messages = [
      user('hi'),
      { role: 'assistant' as const, content: first.content as Anthropic.ContentBlockParam[] },
      user('go on'),
    ];
    const second = await anthropic.messages.create({ ...params('', { thinking }), messages });
    expect(second.content.at(-1)).toMatchObject({ text: 'You said: go on (2 words).' });
  });

  it('calls two tools at once, and says when one failed', async () => {
    const first = await anthropic.messages.create(params('[[sim:parallel]] Paris', { tools: [weather] }));
    const results = first.content.flatMap(block =>
      block.type === 'tool_use'
        ? [{ type: 'tool_result' as const, tool_use_id: block.id, content: 'no', is_error: true }]
        : [],
    );
    const second = await anthropic.messages.create({
      ...params(''),
      messages: [
        user('Paris'),
        { role: 'assistant', content: first.content as Anthropic.ContentBlockParam[] },
        { role: 'user', content: results },
      ],
    });
    expect(results).toHaveLength(2);
    expect(second.content[0]).toMatchObject({
      text: 'Tool get_weather failed: no Tool get_weather failed: no',
    });
  });

  it('answers JSON that fits the schema', async () => {
    const schema = { type: 'object', properties: { n: { type: 'integer', minimum: 7 } }, required: ['n'] };
    const message = await anthropic.messages.create(
      params('hi', { output_config: { format: { type: 'json_schema', schema } } }),
    );
    expect(message.content).toMatchObject([{ text: '{"n":7}' }]);
  });

  it('refuses, cites, stops and runs out as told', async () => {
    const refusal = await anthropic.messages.stream(params('[[sim:refuse]]')).finalMessage();
    expect(refusal).toMatchObject({ stop_reason: 'refusal', stop_details: { type: 'refusal' } });
    const cited = await anthropic.messages.stream(params('[[sim:citations]]')).finalMessage();
    expect(cited.content[0]).toMatchObject({ citations: [{ url: 'https://example.com/source' }] });
    const stopped = await anthropic.messages.create(params('[[sim:count 9]]', { stop_sequences: ['5'] }));
    expect(stopped).toMatchObject({ stop_reason: 'stop_sequence', stop_sequence: '5' });
    const short = await anthropic.messages.create(params('[[sim:count 99]]', { max_tokens: 2 }));
    expect(short).toMatchObject({ stop_reason: 'max_tokens', content: [{ text: '1 2 3 4 ' }] });
  });

  it('sees documents', async () => {
    const data = Buffer.from('%PDF-1.4 tiny').toString('base64');
    const source = { type: 'base64' as const, media_type: 'application/pdf' as const, data };
    const message = await anthropic.messages.create({
      ...params(''),
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source },
            { type: 'text', text: 'read' },
          ],
        },
      ],
    });
    expect(message.content).toMatchObject([
      { text: 'You said: read (1 words). I see a document of 13 bytes.' },
    ]);
  });

  it('caches only up to a mark', async () => {
    const marked = { system: longSystem({ cache_control: { type: 'ephemeral' } }) };
    const written = Math.ceil('system '.repeat(800).length / 4);
    const unmarked = await anthropic.messages.create(params('hi', { system: longSystem({}) }));
    const first = await anthropic.messages.create(params('one', marked));
    const second = await anthropic.messages.create(params('four', marked));

    expect(unmarked.usage).toMatchObject({ cache_creation_input_tokens: 0, cache_read_input_tokens: 0 });
    expect(first.usage).toMatchObject({ input_tokens: 1, cache_creation_input_tokens: written });
    expect(second.usage).toMatchObject({ input_tokens: 1, cache_read_input_tokens: written });
  });

  it('knows its keys and wants a version', async () => {
    const stranger = new Anthropic({ apiKey: 'bad-key', baseURL: simulator.url, maxRetries: 0 });
    await expect(stranger.messages.create(params('hi'))).rejects.toBeInstanceOf(AuthenticationError);
    const post = (headers: Record<string, string>) =>
      fetch(`${simulator.url}/v1/messages`, { method: 'POST', headers, body: JSON.stringify(params('hi')) });
    expect((await post({ 'anthropic-version': '2023-06-01' })).status).toBe(401);
    const unversioned = await post({ 'x-api-key': 'key' });
    expect(unversioned.status).toBe(400);
    expect(await unversioned.text()).toContain('anthropic-version');
  });

  const use = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }] };
  const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' };
  const text = { type: 'text', text: 'so' };
  const base = { model: 'claude-opus-4-6', max_tokens: 10, messages: [user('hi')] };
  it.each([
    ['no max_tokens', { ...base, max_tokens: undefined }, /max_tokens/],
    ['sampling', { ...base, temperature: 1 }, /temperature/],
    ['an unknown field', { ...base, x_llmhub: 1 }, /x_llmhub/],
    [
      'an empty text',
      { ...base, messages: [{ role: 'user', content: [{ type: 'text', text: '' }] }] },
      /non-empty/,
    ],
    ['calls without results', { ...base, messages: [user('a'), use, user('b')] }, /toolu_1/],
    [
      'results behind text',
      { ...base, messages: [user('a'), use, { role: 'user', content: [text, result] }] },
      /toolu_1/,
    ],
    ['a stray result', { ...base, messages: [{ role: 'user', content: [result] }] }, /unexpected/],
    [
      'an id it could not have given',
      { ...base, messages: [user('a'), { role: 'assistant', content: [{ ...use.content[0], id: 'a.b' }] }] },
      /pattern/,
    ],
    [
      'a budget beyond max_tokens',
      { ...base, thinking: { type: 'enabled', budget_tokens: 1024 } },
      /budget_tokens/,
    ],
    ['a choice without tools', { ...base, tool_choice: { type: 'auto' } }, /tool_choice/],
  ])('refuses %s', async (_, body, message) => {
    const error = await refused(body);

    expect(error.status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toMatch(message);
  });

  it('takes assistant turns that follow each other for one', async () => {
    const other = { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_2', name: 'g', input: {} }] };
    const results = [result, { ...result, tool_use_id: 'toolu_2' }];
    const messages = [user('hi'), use, other, { role: 'user', content: results }];
    await expect(anthropic.post('/v1/messages', { body: { ...base, messages } })).resolves.toMatchObject({
      content: [{ text: expect.stringMatching(/^Tool f said: x/) }],
    });
    expect((await refused({ ...base, messages: [user('hi'), use, other, user('x')] })).message).toMatch(
      /toolu_1, toolu_2/,
    );
  });

  it('allows sampling under the old version, to old models', async () => {
    const body = { ...base, temperature: 0.5 };
    const headers = { 'anthropic-version': '2023-06-01' };
    await expect(anthropic.post('/v1/messages', { body, headers })).resolves.toHaveProperty('stop_reason');
    expect((await refused({ ...body, model: 'claude-sonnet-5' }, '2023-06-01')).message).toMatch(
      /temperature/,
    );
    const both = { ...body, top_p: 0.9, model: 'claude-sonnet-4-5' };
    expect((await refused(both, '2023-06-01')).message).toMatch(/cannot both be specified/);
  });
});
