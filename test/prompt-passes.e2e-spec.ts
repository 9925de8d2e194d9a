import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { keyWith } from './prompt-passes/key-with.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

/** More than any model's shortest prefix that is cached, in the words of one test. */
const longText = (name: string): string => `You are ${name}. `.padEnd(24_000, 'lorem ipsum ');
const MODEL = 'anthropic/claude-sonnet-4-5';

interface Told {
  readonly cost: number;
  readonly savings?: { readonly prompt_cache_usd: number };
}

/** What one call read and wrote, in tokens, and what it cost. */
interface Asked extends Told {
  readonly read: number;
  readonly written: number;
}

/** One conversation, asked so often. */
type Caller = (system: string, times: number) => Promise<Asked[]>;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});

afterAll(() => gateway?.stop());

function openAi(apiKey: string): Caller {
  const sdk = new OpenAI({ apiKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  return async (system, times) => {
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'system', content: system }];
    const asked: Asked[] = [];
    while (asked.length < times) {
      messages.push({ role: 'user', content: `Question ${asked.length}` });
      const answer = await sdk.chat.completions.create({ model: MODEL, messages });
      messages.push({ role: 'assistant', content: answer.choices[0]?.message.content ?? '' });
      const { cached_tokens: read = 0, cache_write_tokens: written = 0 } = (answer.usage
        ?.prompt_tokens_details ?? {}) as { cached_tokens?: number; cache_write_tokens?: number };
      asked.push({ ...(answer as unknown as { x_llmhub: Told }).x_llmhub, read, written });
    }
    return asked;
  };
}

function anthropic(apiKey: string, way: 'whole' | 'streamed'): Caller {
  const sdk = new Anthropic({ apiKey, baseURL: gateway.url, maxRetries: 0 });
  return async (system, times) => {
    const messages: Anthropic.MessageParam[] = [];
    const asked: Asked[] = [];
    while (asked.length < times) {
      messages.push({ role: 'user', content: `Question ${asked.length}` });
      const question = { model: MODEL, max_tokens: 100, system, messages };
      const { answer, told } = await (way === 'whole' ? whole(sdk, question) : streamed(sdk, question));
      messages.push({ role: 'assistant', content: answer.content });
      const { cache_read_input_tokens: read, cache_creation_input_tokens: written } = answer.usage;
      asked.push({ ...told, read: read ?? 0, written: written ?? 0 });
    }
    return asked;
  };
}

interface Message {
  readonly answer: Anthropic.Message;
  readonly told: Told;
}

async function whole(sdk: Anthropic, question: Anthropic.MessageCreateParamsNonStreaming): Promise<Message> {
  const answer = await sdk.messages.create(question);
  return { answer, told: (answer as unknown as { x_llmhub: Told }).x_llmhub };
}

/** The SDK puts the message together, and leaves out what it does not know: that is in the events. */
async function streamed(
  sdk: Anthropic,
  question: Anthropic.MessageCreateParamsNonStreaming,
): Promise<Message> {
  const events: unknown[] = [];
  const answer = await sdk.messages
    .stream(question)
    .on('streamEvent', event => events.push(event))
    .finalMessage();
  const annotated = events.findLast(event => 'x_llmhub' in (event as object)) as { x_llmhub: Told };
  return { answer, told: annotated.x_llmhub };
}

const CALLERS = [
  ["OpenAI's SDK", openAi],
  ["Anthropic's SDK", (key: string) => anthropic(key, 'whole')],
  ["Anthropic's SDK in streams", (key: string) => anthropic(key, 'streamed')],
] as const;

describe.each(CALLERS)('cache marks for %s', (name, callerOf) => {
  let marked: Asked[];
  let plain: Asked[];

  beforeAll(async () => {
    marked = await callerOf(await keyWith(gateway, ['cache_marks']))(longText(name), 5);
    plain = await callerOf(await keyWith(gateway, []))(longText(name), 5);
  });

  it('are set when the conversation has come back three times, and the next call reads', () => {
    expect(marked.map(({ read, written }) => [read >= 6000, written >= 6000])).toEqual([
      [false, false],
      [false, false],
      [false, false],
      [false, true],
      [true, false],
    ]);
    expect(marked[4]?.cost).toBeLessThan((plain[4]?.cost ?? 0) / 3);
    expect(sumOf(marked)).toBeLessThan(sumOf(plain));
  });

  it('are told with what they saved, or cost', () => {
    expect(marked.slice(0, 3).map(({ savings }) => savings)).toEqual([undefined, undefined, undefined]);
    expect(plain.map(({ savings }) => savings)).toEqual(plain.map(() => undefined));
    for (const call of [3, 4]) {
      const saved = marked[call]?.savings?.prompt_cache_usd ?? 0;
      expect(saved).toBeCloseTo((plain[call]?.cost ?? 0) - (marked[call]?.cost ?? 0), 9);
      expect(Math.sign(saved)).toBe(call === 3 ? -1 : 1);
    }
  });

  it('read what another conversation wrote from the first call on, so that three calls cost less', async () => {
    const key = await keyWith(gateway, ['cache_marks']);
    const system = longText(`${name} for many`);
    await callerOf(key)(system, 4);

    const three = await callerOf(key)(system, 3);
    const asPlain = await callerOf(await keyWith(gateway, []))(system, 3);
    expect(three.map(({ read }) => read >= 6000)).toEqual([true, true, true]);
    expect(three[2]?.cost).toBeLessThan((asPlain[2]?.cost ?? 0) / 3);
    expect(sumOf(three)).toBeLessThan(sumOf(asPlain));
  });
});

function sumOf(calls: readonly Asked[]): number {
  return calls.reduce((sum, { cost }) => sum + cost, 0);
}

const tool = (name: string) => ({ name, input_schema: { type: 'object', properties: {} } });
const body = (tools: object[]) => ({
  model: 'anthropic/claude-sonnet-5',
  max_tokens: 10,
  tools,
  messages: [{ role: 'user', content: 'Hi' }],
});
const post = async (key: string, sent: object): Promise<Response> => {
  const response = await fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'anthropic-version': '2023-06-01' },
    body: JSON.stringify(sent),
  });
  expect(response.status).toBe(200);
  return response;
};
const lastBody = () => gateway.simulator.requests().at(-1)?.body as { tools: { name: string }[] };

describe('prompt passes', () => {
  it('put tools in order, only where they are wanted', async () => {
    const shuffled = [tool('b'), tool('c'), tool('a')];
    await post(await keyWith(gateway, []), body(shuffled));
    expect(lastBody()).toEqual({ ...body(shuffled), model: 'claude-sonnet-5' });

    await post(await keyWith(gateway, ['tool_order']), body(shuffled));
    expect(lastBody().tools).toEqual([tool('a'), tool('b'), tool('c')]);
  });

  it('let the record tell what was read, and what that saved or cost', async () => {
    const key = await keyWith(gateway, ['cache_marks', 'tool_order']);
    const system = longText('recorded');
    const ids: (string | null)[] = [];
    for (let call = 0; call < 5; call++) {
      const messages = Array.from({ length: 2 * call + 1 }, (_, at) => ({
        role: at % 2 === 0 ? 'user' : 'assistant',
        content: `${at}`,
      }));
      const response = await post(key, { model: MODEL, max_tokens: 10, system, messages });
      ids.push(response.headers.get('x-request-id'));
      await response.text();
    }

    await expect(usageOf(gateway, ids[2] ?? null)).resolves.toMatchObject({ savedNanoUsd: 0 });
    const writing = await usageOf(gateway, ids[3] ?? null);
    const { cacheReadTokens, inputTokens, savedNanoUsd } = await usageOf(gateway, ids[4] ?? null);
    expect(writing.cacheReadTokens).toBe(0);
    expect(writing.savedNanoUsd).toBeLessThan(0);
    expect(cacheReadTokens).toBeGreaterThan((inputTokens ?? 0) * 0.9);
    expect(savedNanoUsd).toBeGreaterThan(-(writing.savedNanoUsd ?? 0));
  });

  it('leave the marks of a caller as they are', async () => {
    const key = await keyWith(gateway, ['cache_marks', 'tool_order']);
    const cache_control = { type: 'ephemeral' };
    const system = [{ type: 'text', text: longText('marked'), cache_control }];
    for (let call = 0; call < 5; call++) {
      const sent = { ...body([tool('b'), tool('a')]), system };
      await post(key, sent);
      expect(lastBody()).toEqual({ ...sent, model: 'claude-sonnet-5' });
    }
  });

  it.each([[['brotli']], [['tool_order', 'tool_order']], ['cache_marks'], [null]])(
    'are refused when they are %j',
    async promptPasses => {
      const { status } = await gateway.admin('PATCH', `/admin/projects/${gateway.projectId}`, {
        promptPasses,
      });
      expect(status).toBe(400);
    },
  );
});
