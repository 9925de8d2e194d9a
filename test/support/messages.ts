import Anthropic from '@anthropic-ai/sdk';
import type { TestGateway } from './gateway.js';

type Content = Anthropic.MessageParam['content'];
type More = Omit<Anthropic.MessageCreateParamsNonStreaming, 'max_tokens' | 'messages'> & {
  max_tokens?: number;
};

/** One model of each vendor dialect. */
export const VENDORS = [
  ['openai', 'openai/gpt-4.1-mini'],
  ['anthropic', 'anthropic/claude-sonnet-5'],
  ['google', 'google/gemini-3-pro'],
] as const;

export const WEATHER: Anthropic.Tool = {
  name: 'get_weather',
  description: 'The weather of a city.',
  input_schema: {
    type: 'object',
    properties: { city: { type: 'string' }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
};

/** What the gateway adds to a message. */
export interface Annotated {
  x_llmhub?: { provider: string; warnings: { field: string; action: string }[] };
}

/** A question of one user turn. */
export function question(content: Content, more: More): Anthropic.MessageCreateParamsNonStreaming {
  return { max_tokens: 1000, messages: [{ role: 'user', content }], ...more };
}

export function textOf({ content }: Anthropic.Message): string {
  return content.map(block => (block.type === 'text' ? block.text : '')).join('');
}

export function callsOf({ content }: Anthropic.Message): Anthropic.ToolUseBlock[] {
  return content.filter(block => block.type === 'tool_use');
}

/** The second question of a tool loop: what was asked, what the model said, and a result for each of its calls. */
export function withResults(
  asked: string,
  said: Anthropic.Message,
  result: (index: number) => Partial<Anthropic.ToolResultBlockParam>,
): Anthropic.MessageParam[] {
  return [
    { role: 'user', content: asked },
    { role: 'assistant', content: said.content },
    {
      role: 'user',
      content: callsOf(said).map(({ id }, index) => ({
        type: 'tool_result',
        tool_use_id: id,
        ...result(index),
      })),
    },
  ];
}

/** Anthropic's SDK as a caller of the gateway, and plain requests. */
export class MessagesCaller {
  readonly sdk: Anthropic;

  constructor(private readonly gateway: TestGateway) {
    this.sdk = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
  }

  /** One answer, whole, or streamed and put together again: it says the same. */
  ask(content: Content, more: More, way: 'whole' | 'streamed' = 'whole'): Promise<Anthropic.Message> {
    const params = question(content, more);
    return way === 'whole'
      ? this.sdk.messages.create(params)
      : this.sdk.messages.stream(params).finalMessage();
  }

  post(body: object, headers: Record<string, string> = {}, path = '/v1/messages'): Promise<Response> {
    return this.gateway.call(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01', ...headers },
      body: JSON.stringify(body),
    });
  }
}
