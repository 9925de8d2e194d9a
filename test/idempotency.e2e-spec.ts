import { readFileSync } from 'node:fs';
import path from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { toFile } from 'openai';
import { startGateway, type TestGateway } from './support/gateway.js';
import { isReplayed, newKey, ORIGINAL_ID, tell, VECTOR } from './support/idempotency-keys.js';
import { usageOf } from './support/usage.js';

const HELLO = readFileSync(path.resolve(import.meta.dirname, '../samples/hello.wav'));
const MODEL = 'openai/gpt-4.1-mini';
const MESSAGES = [{ role: 'user' as const, content: 'What is tea?' }];

let gateway: TestGateway;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  gateway = await startGateway();
  openai = new OpenAI({ apiKey: gateway.projectKey, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
  anthropic = new Anthropic({ apiKey: gateway.projectKey, baseURL: gateway.url, maxRetries: 0 });
});
beforeEach(() => gateway.simulator.reset());
afterAll(() => gateway?.stop());

const upstreamCalls = (): number => gateway.simulator.requests().length;

describe('a repeated Idempotency-Key', () => {
  it.each([
    ['/v1/chat/completions', { model: MODEL, messages: MESSAGES }],
    ['/v1/chat/completions', { model: 'anthropic/claude-sonnet-5', messages: MESSAGES, stream: true }],
    ['/v1/completions', { model: MODEL, prompt: 'Tea is', stream: true }],
    ['/v1/responses', { model: 'anthropic/claude-sonnet-5', input: 'What is tea?' }],
    ['/v1/responses', { model: 'anthropic/claude-sonnet-5', input: 'What is tea?', stream: true }],
    ['/v1/responses/input_tokens', { model: MODEL, input: 'What is tea?' }],
    ['/v1/messages', { model: MODEL, messages: MESSAGES, max_tokens: 50 }],
    ['/v1/messages/count_tokens', { model: 'anthropic/claude-sonnet-5', messages: MESSAGES }],
    ['/v1beta/models/gemini-2.5-flash:generateContent', { contents: [{ parts: [{ text: 'Tea?' }] }] }],
    [
      '/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse',
      { contents: [{ parts: [{ text: 'Tea?' }] }] },
    ],
    ['/v1/embeddings', VECTOR],
    ['/v1/moderations', { model: 'openai/omni-moderation-latest', input: 'tea' }],
    ['/v1/images/generations', { model: 'openai/gpt-image-1', prompt: 'tea' }],
    ['/openai/chat/completions', { model: 'gpt-4.1-mini', messages: MESSAGES }],
    ['/openai/chat/completions', { model: 'gpt-4.1-mini', messages: MESSAGES, stream: true }],
  ])('gives the first answer of %s again, and asks no vendor (%j)', async (at, body) => {
    const { headers } = newKey();
    const first = await tell(gateway, at, body, headers);
    expect(first).toMatchObject({ status: 200 });
    const asked = upstreamCalls();
    const second = await tell(gateway, at, body, headers);

    expect(second.status).toBe(200);
    expect(second.body).toBe(first.body);
    expect(upstreamCalls()).toBe(asked);
    expect([isReplayed(first), isReplayed(second)]).toEqual([false, true]);
    const id = first.headers.get('x-request-id');
    expect(second.headers.get(ORIGINAL_ID)).toBe(id);
    expect(second.headers.get('x-request-id')).not.toBe(id);
    expect(second.headers.get('content-type')).toBe(first.headers.get('content-type'));
    const [paid, replayed] = [
      await usageOf(gateway, id),
      await usageOf(gateway, second.headers.get('x-request-id')),
    ];
    expect(paid).toMatchObject({ cached: false, outcome: 'completed' });
    expect(replayed).toMatchObject({
      endpoint: paid.endpoint,
      modelAsked: paid.modelAsked,
      provider: paid.provider,
      stream: paid.stream,
      outcome: 'completed',
      cached: true,
      attempts: 0,
      costNanoUsd: 0,
      inputTokens: 0,
    });
  });
});

describe('official SDKs', () => {
  it('of OpenAI get the same answer twice, whole and streamed', async () => {
    const { headers } = newKey();
    const ask = (): Promise<OpenAI.ChatCompletion> =>
      openai.chat.completions.create({ model: MODEL, messages: MESSAGES }, { headers });
    const first = await ask();

    await expect(ask()).resolves.toEqual(first);
    const streaming = newKey();
    const stream = async (): Promise<OpenAI.ChatCompletionChunk[]> => {
      const asked = { model: MODEL, messages: MESSAGES, stream: true } as const;
      const chunks: OpenAI.ChatCompletionChunk[] = [];
      for await (const chunk of await openai.chat.completions.create(asked, streaming)) {
        chunks.push(chunk);
      }
      return chunks;
    };
    const chunks = await stream();
    await expect(stream()).resolves.toEqual(chunks);
    expect(chunks.length).toBeGreaterThan(2);
    expect(upstreamCalls()).toBe(2);
    expect(gateway.simulator.bill()['openai']?.['gpt-4.1-mini']).toMatchObject({ calls: 2 });
  });

  it('of Anthropic get the same message twice, whole and streamed', async () => {
    const asked = { model: 'claude-sonnet-5', max_tokens: 50, messages: MESSAGES };
    const key = newKey();
    const first = await anthropic.messages.create(asked, key);
    const again = await anthropic.messages.create(asked, key).withResponse();

    expect(again.data).toEqual(first);
    expect(again.response.headers.get('request-id')).toBe(again.response.headers.get('x-request-id'));
    const streaming = newKey();
    const streamed = await anthropic.messages.stream(asked, streaming).finalMessage();
    await expect(anthropic.messages.stream(asked, streaming).finalMessage()).resolves.toEqual(streamed);
    expect(upstreamCalls()).toBe(2);
  });

  it('of OpenAI send a recording twice, in forms with two boundaries, and pay once', async () => {
    const key = newKey();
    const hear = async (): Promise<string> => {
      const file = await toFile(HELLO, 'hello.wav');
      return (await openai.audio.transcriptions.create({ file, model: 'whisper-1' }, key)).text;
    };
    const text = await hear();

    await expect(hear()).resolves.toBe(text);
    expect(upstreamCalls()).toBe(1);
  });

  it('try again by themselves with the same key after an error, which is not kept', async () => {
    const patient = openai.withOptions({ maxRetries: 2 });
    const key = newKey();
    const messages = [{ role: 'user' as const, content: 'Tea? [[sim:fault status=503,times=1]]' }];
    const { id } = await patient.chat.completions.create({ model: MODEL, messages }, key);
    expect(upstreamCalls()).toBe(2);

    await expect(patient.chat.completions.create({ model: MODEL, messages }, key)).resolves.toMatchObject({
      id,
    });
    expect(upstreamCalls()).toBe(2);
  });

  it('do not repeat what can never succeed: another body with the same key', async () => {
    const patient = openai.withOptions({ maxRetries: 2 });
    const key = newKey();
    await patient.embeddings.create(VECTOR, key);
    const paths: string[] = [];
    const counting = patient.withOptions({
      fetch: (url, init) => {
        paths.push(String(url));
        return fetch(url, init);
      },
    });

    const refusal = counting.embeddings.create({ ...VECTOR, input: 'coffee' }, key);
    await expect(refusal).rejects.toMatchObject({ status: 409, code: 'idempotency_key_reused' });
    expect(paths).toHaveLength(1);
    expect(upstreamCalls()).toBe(1);
    await expect(counting.embeddings.create({ ...VECTOR, input: 'coffee' }, newKey())).resolves.toBeDefined();
  });
});
