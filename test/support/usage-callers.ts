import type { TestGateway } from './gateway.js';

/** How an answer comes: in one piece, as events, as events for someone who did not ask for usage, or as a growing list. */
export type Way = 'whole' | 'streamed' | 'unasked' | 'list';

/** What the usage of an answer says, whatever its words: cached tokens in the input, reasoning in the output. */
export interface ToldUsage {
  readonly input: number;
  readonly output: number;
  /** US dollars. */
  readonly cost: number | undefined;
}

/** One API of the gateway, as callers speak it. */
export interface UsageCaller {
  readonly name: string;
  readonly ways: readonly Way[];
  path(model: string, way: Way): string;
  body(model: string, ask: Asked, way: Way): object;
  /** Of an answer, or of an event; undefined when it tells none. */
  usage(told: Json): Json | undefined;
  read(usage: Json): Omit<ToldUsage, 'cost'>;
}

export interface Asked {
  readonly prompt: string;
  readonly withTool?: boolean | undefined;
}

// oxlint-disable-next-line typescript/no-explicit-any -- an answer of any API
export type Json = any;

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const TOOL = { name: 'get_weather', description: 'The weather of a city.' };
const CHAT_WAYS: readonly Way[] = ['whole', 'streamed', 'unasked'];

const isStream = (way: Way): boolean => way !== 'whole';
const usageAsked = (way: Way): object =>
  isStream(way)
    ? { stream: true, ...(way === 'streamed' && { stream_options: { include_usage: true } }) }
    : {};
const readChat = (usage: Json) => ({ input: usage.prompt_tokens, output: usage.completion_tokens });

export const chat: UsageCaller = {
  name: 'chat',
  ways: CHAT_WAYS,
  path: () => '/v1/chat/completions',
  body: (model, { prompt, withTool }, way) => ({
    model,
    messages: [{ role: 'user', content: prompt }],
    ...(withTool && { tools: [{ type: 'function', function: { ...TOOL, parameters: SCHEMA } }] }),
    ...usageAsked(way),
  }),
  usage: told => told.usage ?? undefined,
  read: readChat,
};

export const completions: UsageCaller = {
  name: 'completions',
  ways: CHAT_WAYS,
  path: () => '/v1/completions',
  body: (model, { prompt }, way) => ({ model, prompt, ...usageAsked(way) }),
  usage: told => told.usage ?? undefined,
  read: readChat,
};

export const responses: UsageCaller = {
  name: 'responses',
  ways: ['whole', 'streamed'],
  path: () => '/v1/responses',
  body: (model, { prompt, withTool }, way) => ({
    model,
    input: prompt,
    store: false,
    stream: isStream(way),
    ...(withTool && { tools: [{ type: 'function', ...TOOL, parameters: SCHEMA, strict: false }] }),
  }),
  usage: told => told.usage ?? undefined,
  read: usage => ({ input: usage.input_tokens, output: usage.output_tokens }),
};

export const messages: UsageCaller = {
  name: 'messages',
  ways: ['whole', 'streamed'],
  path: () => '/v1/messages',
  body: (model, { prompt, withTool }, way) => ({
    model,
    max_tokens: 5000,
    messages: [{ role: 'user', content: prompt }],
    stream: isStream(way),
    ...(withTool && { tools: [{ ...TOOL, input_schema: SCHEMA }] }),
  }),
  usage: told => told.usage ?? undefined,
  read: usage => ({
    input: usage.input_tokens + usage.cache_read_input_tokens + usage.cache_creation_input_tokens,
    output: usage.output_tokens,
  }),
};

const GEMINI_METHODS: Readonly<Record<Way, string>> = {
  whole: 'generateContent',
  streamed: 'streamGenerateContent?alt=sse',
  unasked: 'streamGenerateContent?alt=sse',
  list: 'streamGenerateContent',
};

export const gemini: UsageCaller = {
  name: 'gemini',
  ways: ['whole', 'streamed', 'list'],
  path: (model, way) => `/v1beta/models/${encodeURIComponent(model)}:${GEMINI_METHODS[way]}`,
  body: (_model, { prompt, withTool }) => ({
    contents: [{ role: 'user', parts: [{ text: prompt }] }],
    ...(withTool && { tools: [{ functionDeclarations: [{ ...TOOL, parameters: SCHEMA }] }] }),
  }),
  usage: told => told.usageMetadata,
  read: usage => ({
    input: usage.promptTokenCount,
    output: (usage.candidatesTokenCount ?? 0) + (usage.thoughtsTokenCount ?? 0),
  }),
};

export const CALLERS = [chat, completions, responses, messages, gemini] as const;

/** The whole answer, or the part of a stream's last event that holds what a whole one would. */
export interface Ending {
  readonly id: string | null;
  readonly usage: ToldUsage | null;
  /** Of `x_llmhub`. */
  readonly llmhubCost: number | null | undefined;
  /** Of `x-llmhub-cost-usd`. */
  readonly headerCost: number | null;
  /** In how many events a cost is told. */
  readonly told: number;
}

/** Asks, reads to the end, and tells what was said of usage and cost there. */
export async function endingOf(
  gateway: TestGateway,
  caller: UsageCaller,
  ask: Asked & { readonly model: string },
  way: Way,
): Promise<Ending> {
  const response = await gateway.call(caller.path(ask.model, way), {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(caller.body(ask.model, ask, way)),
  });
  const text = await response.text();
  expect({ status: response.status, text }).toMatchObject({ status: 200 });
  const events = eventsOf(text, way);
  const usages = events.map(event => caller.usage(event)).filter(usage => usage !== undefined);
  const usage = usages.at(-1);
  const header = response.headers.get('x-llmhub-cost-usd');
  return {
    id: response.headers.get('x-request-id'),
    usage: usage ? { ...caller.read(usage), cost: usage.cost } : null,
    llmhubCost: events.findLast(event => event.x_llmhub)?.x_llmhub.cost,
    headerCost: header === null ? null : Number(header),
    told: events.filter(event => event.x_llmhub || caller.usage(event)?.cost !== undefined).length,
  };
}

function eventsOf(text: string, way: Way): Json[] {
  if (way === 'whole') {
    return [JSON.parse(text)];
  }
  if (way === 'list') {
    return JSON.parse(text) as Json[];
  }
  return text.split(/\r?\n/).flatMap(line => {
    if (!line.startsWith('data: {')) {
      return [];
    }
    const event = JSON.parse(line.slice('data: '.length)) as Json;
    return [event.response ?? event];
  });
}
