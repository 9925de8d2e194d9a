import OpenAI, { APIError, AuthenticationError, NotFoundError } from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

const weather: OpenAI.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    parameters: {
      type: 'object',
      properties: {
        city: { type: 'string' },
        unit: { enum: ['celsius', 'kelvin'] },
        days: { type: 'integer', minimum: 3 },
      },
      required: ['city'],
    },
  },
};

describe('OpenAI chat', () => {
  let simulator: Simulator;
  let openai: OpenAI;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
  });
  afterAll(() => simulator.close());

  const ask = (content: string, more: Partial<OpenAI.ChatCompletionCreateParamsNonStreaming> = {}) =>
    openai.chat.completions.create({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });

  /** Sends what the types forbid. */
  const refused = async (body: object): Promise<APIError> => {
    const error = await openai.post('/chat/completions', { body }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(APIError);
    return error as APIError;
  };

  it('echoes, and counts four bytes a token', async () => {
    const completion = await ask('hello there');

    expect(completion.choices[0]?.message.content).toBe('You said: hello there (2 words).');
    expect(completion.choices[0]?.finish_reason).toBe('stop');
    expect(completion.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 8, total_tokens: 11 });
  });

  it('streams the same, with usage for who asked', async () => {
    const stream = openai.chat.completions.stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hello there' }],
      stream_options: { include_usage: true },
    });
    let deltas = 0;
    stream.on('content', () => deltas++);
    const completion = await stream.finalChatCompletion();

    expect(deltas).toBeGreaterThan(4);
    expect(completion.choices[0]?.message.content).toBe('You said: hello there (2 words).');
    expect(completion.usage).toMatchObject({ prompt_tokens: 3, completion_tokens: 8 });
  });

  it('keeps the usage of a stream to itself otherwise', async () => {
    const stream = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: 'hi' }],
      stream: true,
    });
    for await (const chunk of stream) {
      expect(chunk).not.toHaveProperty('usage');
      expect(chunk.choices).toHaveLength(1);
    }
  });

  it('calls a tool with fitting arguments, and repeats its result', async () => {
    const first = await ask('Weather in Paris?', { tools: [weather] });
    const message = first.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];
    if (!message || call?.type !== 'function') {
      throw new Error('No call.');
    }
    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(message.content).toBeNull();
    expect(JSON.parse(call.function.arguments)).toEqual({ city: 'Weather', unit: 'celsius', days: 3 });

    const second = await openai.chat.completions.create({
      model: 'gpt-4o',
      tools: [weather],
      messages: [
        { role: 'user', content: 'Weather in Paris?' },
        message,
        { role: 'tool', tool_call_id: call.id, content: '21 degrees' },
      ],
    });
    expect(second.choices[0]?.message.content).toBe('Tool get_weather said: 21 degrees');
  });

  it('says which tools there are when a step names another', async () => {
    const { choices } = await ask('[[sim:step get_time {}]]', { tools: [weather] });

    expect(choices[0]?.message.content).toBe('There is no tool get_time, only get_weather.');
  });

  it('streams parallel calls', async () => {
    const stream = openai.chat.completions.stream({
      model: 'gpt-4o',
      tools: [weather],
      messages: [{ role: 'user', content: '[[sim:parallel]] Paris' }],
    });
    const calls = (await stream.finalMessage()).tool_calls ?? [];

    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(call => call.id)).size).toBe(2);
    for (const call of calls) {
      expect(JSON.parse(call.type === 'function' ? call.function.arguments : '')).toMatchObject({
        city: 'Paris',
      });
    }
  });

  it('answers JSON that fits the schema', async () => {
    const completion = await ask('some words', {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'answer',
          strict: true,
          schema: {
            type: 'object',
            properties: { title: { type: 'string' }, tags: { type: 'array', items: { type: 'string' } } },
            required: ['title', 'tags'],
            additionalProperties: false,
          },
        },
      },
    });
    expect(JSON.parse(completion.choices[0]?.message.content ?? '')).toEqual({
      title: 'some',
      tags: ['words'],
    });
  });

  it('reasons when asked, and counts it', async () => {
    const completion = await ask('why?', { model: 'gpt-5', reasoning_effort: 'low' });

    expect(completion.choices[0]?.message).toHaveProperty(
      'reasoning_content',
      'Thinking about it: why? — done.',
    );
    // 33 bytes of reasoning, 26 of answer
    expect(completion.usage?.completion_tokens_details?.reasoning_tokens).toBe(9);
    expect(completion.usage?.completion_tokens).toBe(9 + 7);
  });

  it('sees images', async () => {
    const image = { type: 'image_url' as const, image_url: { url: `data:image/png;base64,${PIXEL}` } };
    const completion = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'look' }, image] }],
    });
    const size = Buffer.from(PIXEL, 'base64').length;
    expect(completion.choices[0]?.message.content).toBe(
      `You said: look (1 words). I see an image of ${size} bytes.`,
    );
  });

  it('refuses, filters, cites, stops and runs out as told', async () => {
    const refusal = (await ask('[[sim:refuse]]')).choices[0];
    expect(refusal?.message.content).toBeNull();
    expect(refusal?.message.refusal).toMatch(/sorry/);
    expect((await ask('[[sim:filter]]')).choices[0]?.finish_reason).toBe('content_filter');
    expect((await ask('[[sim:citations]]')).choices[0]?.message.annotations).toHaveLength(1);
    const stopped = (await ask('[[sim:count 9]]', { stop: ['5'] })).choices[0];
    expect(stopped).toMatchObject({ finish_reason: 'stop', message: { content: '1 2 3 4 ' } });
    const short = await ask('[[sim:count 100]]', { max_tokens: 2 });
    expect(short.choices[0]).toMatchObject({ finish_reason: 'length', message: { content: '1 2 3 4 ' } });
    expect(short.usage?.completion_tokens).toBe(2);
    expect((await ask('[[sim:length]] one two three')).choices[0]?.finish_reason).toBe('length');
  });

  it('gives log probabilities and several choices', async () => {
    const completion = await ask('hi', { logprobs: true, top_logprobs: 2, n: 2 });

    expect(completion.choices.map(choice => choice.index)).toEqual([0, 1]);
    const tokens = completion.choices[0]?.logprobs?.content ?? [];
    expect(tokens.map(token => token.token).join('')).toBe('You said: hi (1 words).');
    expect(tokens[0]?.top_logprobs).toHaveLength(2);
    expect(completion.usage?.completion_tokens).toBe(Math.ceil((2 * 'You said: hi (1 words).'.length) / 4));
  });

  it('streams unicode whole', async () => {
    const whole = (await ask('[[sim:unicode]]')).choices[0]?.message.content;
    const stream = openai.chat.completions.stream({
      model: 'gpt-4o',
      messages: [{ role: 'user', content: '[[sim:unicode]]' }],
    });
    expect(whole).toContain('\u2028');
    expect((await stream.finalMessage()).content).toBe(whole);
  });

  it('remembers long beginnings of prompts', async () => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [
      { role: 'user', content: `${'long '.repeat(1000)}end` },
    ];
    const first = await openai.chat.completions.create({ model: 'gpt-4o', messages });
    const second = await openai.chat.completions.create({
      model: 'gpt-4o',
      messages: [...messages, { role: 'assistant', content: 'Yes.' }, { role: 'user', content: 'And?' }],
    });
    expect(first.usage?.prompt_tokens_details?.cached_tokens).toBe(0);
    expect(second.usage?.prompt_tokens_details?.cached_tokens).toBe(first.usage?.prompt_tokens);
  });

  it('knows its keys and models', async () => {
    const stranger = new OpenAI({ apiKey: 'bad-key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    const request = { model: 'gpt-4o', messages: [{ role: 'user' as const, content: 'hi' }] };
    await expect(stranger.chat.completions.create(request)).rejects.toBeInstanceOf(AuthenticationError);
    expect((await fetch(`${simulator.url}/v1/chat/completions`, { method: 'POST', body: '{}' })).status).toBe(
      401,
    );
    await expect(ask('hi', { model: 'no-such-model' })).rejects.toBeInstanceOf(NotFoundError);
    expect((await openai.models.list()).data.map(model => model.id)).toContain('gpt-4o');
  });

  const user = { role: 'user', content: 'hi' };
  const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };
  it.each([
    ['no messages', { model: 'gpt-4o' }, /messages/],
    ['no model', { messages: [user] }, /model/],
    ['an unknown role', { model: 'gpt-4o', messages: [{ role: 'robot', content: '' }] }, /robot/],
    ['an unknown argument', { model: 'gpt-4o', messages: [user], x_llmhub: 1 }, /x_llmhub/],
    [
      'a stray tool message',
      { model: 'gpt-4o', messages: [user, { role: 'tool', tool_call_id: 'a', content: '' }] },
      /preceeding/,
    ],
    [
      'a call without a result',
      { model: 'gpt-4o', messages: [user, { role: 'assistant', content: null, tool_calls: [call] }, user] },
      /call_1/,
    ],
    [
      'max_tokens for a reasoning model',
      { model: 'o3', messages: [user], max_tokens: 5 },
      /max_completion_tokens/,
    ],
    [
      'temperature for a reasoning model',
      { model: 'gpt-5-mini', messages: [user], temperature: 0.5 },
      /temperature/,
    ],
    ['five stops', { model: 'gpt-4o', messages: [user], stop: ['a', 'b', 'c', 'd', 'e'] }, /stop/],
    ['a choice without tools', { model: 'gpt-4o', messages: [user], tool_choice: 'auto' }, /tool_choice/],
    ['an empty list of tools', { model: 'gpt-4o', messages: [user], tools: [] }, /tools/],
    [
      'JSON mode without the word',
      { model: 'gpt-4o', messages: [user], response_format: { type: 'json_object' } },
      /'json'/,
    ],
  ])('refuses %s', async (_, body, message) => {
    const error = await refused(body);

    expect(error.status).toBe(400);
    expect(error.type).toBe('invalid_request_error');
    expect(error.message).toMatch(message);
  });
});
