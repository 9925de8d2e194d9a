import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { eventually } from '../../../test/support/eventually.js';
import type { Receipt } from '../src/bill.js';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

describe('the bill', () => {
  let simulator: Simulator;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
  });
  afterAll(() => simulator.close());

  it('is the sum of the usages that were told', async () => {
    const openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1` });
    const anthropic = new Anthropic({ apiKey: 'key', baseURL: simulator.url });
    const told = {
      openai: { input: 0, output: 0, reasoning: 0 },
      anthropic: { input: 0, output: 0, reasoning: 0 },
    };
    const long = 'over and over '.repeat(400);
    for (const content of ['hi', '[[sim:count 33]]', '[[sim:unicode]]', long, long]) {
      const messages = [{ role: 'user' as const, content }];
      const request = { model: 'gpt-5', reasoning_effort: 'low' as const, messages };
      const whole = await openai.chat.completions.create(request);
      const streamed = await openai.chat.completions
        .stream({ ...request, stream_options: { include_usage: true } })
        .finalChatCompletion();
      for (const { usage } of [whole, streamed]) {
        told.openai.input += usage?.prompt_tokens ?? 0;
        told.openai.output += usage?.completion_tokens ?? 0;
        told.openai.reasoning += usage?.completion_tokens_details?.reasoning_tokens ?? 0;
      }
      const message = await anthropic.messages
        .stream({
          model: 'claude-sonnet-5',
          max_tokens: 4000,
          thinking: { type: 'adaptive', display: 'omitted' },
          cache_control: { type: 'ephemeral' },
          messages,
        })
        .finalMessage();
      const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens } = message.usage;
      told.anthropic.input +=
        input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0);
      told.anthropic.output += message.usage.output_tokens;
      told.anthropic.reasoning += message.usage.output_tokens_details?.thinking_tokens ?? 0;
    }
    const cached = Math.ceil(long.length / 4);

    expect(simulator.bill()).toEqual({
      openai: {
        'gpt-5': {
          ...told.openai,
          calls: 10,
          cached: 3 * cached,
          cache_written: 0,
          audio_seconds: 0,
          characters: 0,
        },
      },
      anthropic: {
        'claude-sonnet-5': {
          ...told.anthropic,
          calls: 5,
          cached,
          cache_written: cached,
          audio_seconds: 0,
          characters: 0,
        },
      },
    });
  });

  it('agrees with itself over HTTP, and starts anew', async () => {
    const bill = await (await fetch(`${simulator.url}/bill`)).json();
    expect(bill).toEqual(simulator.bill());
    await fetch(`${simulator.url}/bill`, { method: 'DELETE' });
    expect(simulator.bill()).toEqual({});
  });

  it('is kept apart for a compatible vendor named in the path', async () => {
    simulator.reset();
    const groq = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/groq/v1`, maxRetries: 0 });
    const ask = (content: string) =>
      groq.chat.completions.create({ model: 'llama-4', messages: [{ role: 'user', content }] });
    await ask('hi [[sim:fault vendor=openai,status=500]]');
    await expect(ask('hi [[sim:fault vendor=groq,status=500]]')).rejects.toMatchObject({ status: 500 });
    expect(simulator.bill()).toMatchObject({ groq: { 'llama-4': { calls: 1 } } });
    expect(simulator.bill()).not.toHaveProperty('openai');
  });

  it('gives a receipt to a call that asks for one, also for what was sold until it left', async () => {
    simulator.reset();
    const openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    const ask = (content: string) =>
      openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'user', content }] });
    const { usage } = await ask('hi [[sim:receipt chat]]');
    await ask('hi');
    const input = 'tea [[sim:receipt vector]]';
    const vectors = await openai.embeddings.create({ model: 'text-embedding-3-small', input });
    const stream = await openai.chat.completions.create({
      model: 'gpt-5',
      stream: true,
      messages: [{ role: 'user', content: '[[sim:receipt left]] [[sim:count 500]] [[sim:fault pace=20]]' }],
    });
    for await (const _ of stream) {
      break;
    }
    await simulator.untilAborted(1);
    const receipts = await eventually(async () => {
      const told = (await (await fetch(`${simulator.url}/receipts`)).json()) as Receipt[];
      expect(told).toHaveLength(3);
      return told;
    });

    expect(receipts).toMatchObject([
      { name: 'chat', vendor: 'openai', model: 'gpt-5', input: usage?.prompt_tokens, cached: 0 },
      { name: 'vector', model: 'text-embedding-3-small', input: vectors.usage.prompt_tokens, output: 0 },
      { name: 'left', model: 'gpt-5' },
    ]);
    expect(receipts[0]?.output).toBe(usage?.completion_tokens);
    expect(receipts[2]?.output).toBeLessThan(400);
  });

  it('tells which requests came, and leaves its own paths out', async () => {
    simulator.reset();
    await fetch(`${simulator.url}/v1/models?limit=1`, { headers: { 'x-test': 'yes' } });
    const { requests } = (await (await fetch(`${simulator.url}/requests`)).json()) as { requests: unknown[] };
    expect(requests).toMatchObject([
      { method: 'GET', path: '/v1/models?limit=1', headers: { 'x-test': 'yes' } },
    ]);
    expect(simulator.connections()).toBeGreaterThan(0);
  });

  it('takes 32 MB bodies and gives large single events', async () => {
    const response = await fetch(`${simulator.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer key' },
      body: JSON.stringify({
        model: 'gpt-4o',
        stream: true,
        messages: [
          { role: 'system', content: 'x'.repeat(32 * 1024 * 1024) },
          { role: 'user', content: '[[sim:blob 300000]]' },
        ],
      }),
    });
    expect(await response.text()).toContain(`"content":"${'x'.repeat(300_000)}"`);
  });
});
