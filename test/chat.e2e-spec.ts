import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

const WEATHER: OpenAI.Chat.ChatCompletionTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city.',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
  },
};
const PIXEL =
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let gateway: TestGateway;
let openai: OpenAI;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
});

afterAll(() => gateway?.stop());

interface Annotated {
  x_llmhub?: {
    provider: string;
    cost: number | null;
    attempts: number;
    warnings: { field: string; action: string }[];
  };
}

describe.each(VENDORS)('the OpenAI SDK with %s behind the gateway', (vendor, model) => {
  it('gets a whole answer, annotated', async () => {
    const { data, response } = await openai.chat.completions
      .create({ model, messages: [{ role: 'user', content: 'Good morning' }] })
      .withResponse();

    expect(data.object).toBe('chat.completion');
    expect(data.choices[0]?.message.content).toContain('Good morning');
    expect(data.choices[0]?.finish_reason).toBe('stop');
    expect(data.usage?.total_tokens).toBe(
      (data.usage?.prompt_tokens ?? 0) + (data.usage?.completion_tokens ?? 0),
    );
    expect(data.usage?.completion_tokens).toBeGreaterThan(0);
    expect((data as Annotated).x_llmhub).toMatchObject({ provider: vendor, attempts: 1 });
    expect(response.headers.get('x-llmhub-provider')).toBe(vendor);
    expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('gets the same answer streamed, usage last', async () => {
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
      { role: 'user', content: 'Tell me about rivers' },
    ];
    const whole = await openai.chat.completions.create({ model, messages });
    const stream = await openai.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: OpenAI.Chat.ChatCompletionChunk[] = [];
    for await (const chunk of stream) {
      chunks.push(chunk);
    }

    expect(chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')).toBe(
      whole.choices[0]?.message.content,
    );
    expect(chunks.at(-1)?.choices).toEqual([]);
    expect(chunks.at(-1)?.usage?.completion_tokens).toBe(whole.usage?.completion_tokens);
    expect((chunks.at(-1) as Annotated).x_llmhub).toMatchObject({ provider: vendor });
    expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop');
  });

  it('gets no usage chunk that it did not ask for', async () => {
    const response = await gateway.chat({ model, stream: true, messages: [{ role: 'user', content: 'Hi' }] });
    const text = await response.text();

    expect(text).not.toMatch(/"usage":\s*\{/);
    expect(text.trimEnd().endsWith('data: [DONE]')).toBe(true);
    expect(text.match(/\[DONE\]/g)).toHaveLength(1);
  });

  it('goes through a tool loop, streamed', async () => {
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Weather in Paris? [[sim:parallel]]' },
    ];
    const first = await openai.chat.completions
      .stream({ model, messages, tools: [WEATHER] })
      .finalChatCompletion();
    const calls = first.choices[0]?.message.tool_calls ?? [];

    expect(first.choices[0]?.finish_reason).toBe('tool_calls');
    expect(calls).toHaveLength(2);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
    for (const call of calls) {
      expect(call.type === 'function' && JSON.parse(call.function.arguments)).toEqual({
        city: expect.any(String),
        unit: expect.stringMatching(/celsius|fahrenheit/),
      });
    }
    const answered = first.choices[0]?.message;
    const second = await openai.chat.completions.create({
      model,
      tools: [WEATHER],
      messages: [
        ...messages,
        ...(answered ? [answered] : []),
        ...calls.map(({ id }, index) => ({
          role: 'tool' as const,
          tool_call_id: id,
          content: `sunny ${index}`,
        })),
      ],
    });

    expect(second.choices[0]?.message.content).toContain('sunny 0');
    expect(second.choices[0]?.message.content).toContain('sunny 1');
  });

  it('gets JSON that fits its schema', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Describe Ada' }],
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: 'person',
          strict: true,
          schema: {
            type: 'object',
            properties: { name: { type: 'string' }, age: { type: 'integer' } },
            required: ['name', 'age'],
            additionalProperties: false,
          },
        },
      },
    });

    expect(JSON.parse(answer.choices[0]?.message.content ?? '')).toEqual({
      name: expect.any(String),
      age: expect.any(Number),
    });
  });

  it('shows an image to the model', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is this?' },
            { type: 'image_url', image_url: { url: `data:image/png;base64,${PIXEL}` } },
          ],
        },
      ],
    });

    expect(answer.choices[0]?.message.content).toContain(`${Buffer.from(PIXEL, 'base64').length} bytes`);
  });

  it('keeps every character, whole and streamed', async () => {
    const messages: OpenAI.Chat.ChatCompletionMessageParam[] = [
      { role: 'user', content: '[[sim:say Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end]]' },
    ];
    const whole = await openai.chat.completions.create({ model, messages });
    const stream = openai.chat.completions.stream({ model, messages });

    expect(whole.choices[0]?.message.content).toBe('Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end');
    await expect(stream.finalContent()).resolves.toBe('Příliš 🐎👩‍👩‍👧 漢字 \u2028 "quoted" \\ end');
  });

  it('sees that an answer was cut by its limit', async () => {
    const answer = await openai.chat.completions.create({
      model,
      max_tokens: 3,
      messages: [{ role: 'user', content: '[[sim:count 50]]' }],
    });

    expect(answer.choices[0]?.finish_reason).toBe('length');
  });

  it('sees that an answer was refused', async () => {
    const answer = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: '[[sim:refuse]]' }],
    });
    const [choice] = answer.choices;

    expect(choice?.finish_reason === 'content_filter' || Boolean(choice?.message.refusal)).toBe(true);
  });
});

describe.each([
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
])('reasoning of %s', (_vendor, model) => {
  it('is shown, and comes back to its issuer in a tool loop', async () => {
    const ask: OpenAI.Chat.ChatCompletionMessageParam[] = [{ role: 'user', content: 'Weather in Oslo?' }];
    const first = await openai.chat.completions.create({
      model,
      messages: ask,
      tools: [WEATHER],
      reasoning_effort: 'high',
    });
    const message = first.choices[0]?.message;
    const [call] = message?.tool_calls ?? [];

    expect((message as { reasoning_content?: string }).reasoning_content).toEqual(expect.any(String));
    expect(first.usage?.completion_tokens_details?.reasoning_tokens).toBeGreaterThan(0);
    const second = await openai.chat.completions.create({
      model,
      tools: [WEATHER],
      reasoning_effort: 'high',
      messages: [
        ...ask,
        ...(message ? [message] : []),
        { role: 'tool', tool_call_id: call?.id ?? '', content: 'rain' },
      ],
    });
    const sent = JSON.stringify(gateway.simulator.requests().at(-1)?.body);

    expect(second.choices[0]?.message.content).toContain('rain');
    expect((second as Annotated).x_llmhub?.warnings).toEqual([]);
    expect(sent).toMatch(/"signature":"[^"]{8,}|"thoughtSignature":"(?!skip_)[^"]{8,}/);
    expect(sent).not.toContain('gw1.');
  });

  it('is streamed', async () => {
    const stream = await openai.chat.completions.create({
      model,
      messages: [{ role: 'user', content: 'Think' }],
      reasoning_effort: 'low',
      stream: true,
    });
    let reasoning = '';
    for await (const chunk of stream) {
      reasoning +=
        (chunk.choices[0]?.delta as { reasoning_content?: string } | undefined)?.reasoning_content ?? '';
    }

    expect(reasoning.length).toBeGreaterThan(0);
  });
});
