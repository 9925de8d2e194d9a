import OpenAI from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';

const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

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
});
