import Anthropic from '@anthropic-ai/sdk';
import OpenAI, { APIError, RateLimitError } from 'openai';
import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

const prompt = (fault: string) => [
  { role: 'user' as const, content: `one two three [[sim:fault ${fault}]]` },
];

describe('scripted faults', () => {
  let simulator: Simulator;
  let openai: OpenAI;
  let anthropic: Anthropic;

  beforeAll(async () => {
    simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
    openai = new OpenAI({ apiKey: 'key', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    anthropic = new Anthropic({ apiKey: 'key', baseURL: simulator.url, maxRetries: 0 });
  });
  beforeEach(() => simulator.reset());
  afterAll(() => simulator.close());

  const ask = (fault: string) => openai.chat.completions.create({ model: 'gpt-4o', messages: prompt(fault) });
  const streamed = (fault: string, signal?: AbortSignal) =>
    openai.chat.completions.create({ model: 'gpt-4o', messages: prompt(fault), stream: true }, { signal });
  const raw = (
    fault: string,
    {
      path = '/v1/chat/completions',
      signal,
      ...more
    }: { path?: string; signal?: AbortSignal; stream?: boolean } = {},
  ) =>
    fetch(simulator.url + path, {
      method: 'POST',
      headers: { authorization: 'Bearer key', 'x-sim-fault': fault, 'anthropic-version': '2023-06-01' },
      body: JSON.stringify({
        model: 'm',
        max_tokens: 50,
        messages: [{ role: 'user', content: 'one two' }],
        ...more,
      }),
      signal: signal ?? null,
    });

  it('status, in the shape of the vendor', async () => {
    const limited = await ask('status=429,retry-after=7').catch((reason: unknown) => reason);
    expect(limited).toBeInstanceOf(RateLimitError);
    expect((limited as APIError).code).toBe('rate_limit_exceeded');
    expect((limited as APIError).headers?.get('retry-after')).toBe('7');

    const overloaded = await anthropic.messages
      .create({ model: 'claude-sonnet-5', max_tokens: 5, messages: prompt('status=529') })
      .catch((reason: unknown) => reason);
    expect(overloaded).toMatchObject({ status: 529, type: 'overloaded_error' });

    const google = await fetch(`${simulator.url}/v1/models/gemini-2.5-flash:generateContent?key=k`, {
      method: 'POST',
      headers: { 'x-sim-fault': 'status=429;retry-after=34' },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }] }),
    });
    expect(await google.json()).toMatchObject({
      error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [{ retryDelay: '34s' }] },
    });
    expect(simulator.bill()).toEqual({});
  });

  it('html and empty', async () => {
    const page = await raw('html=502');
    expect(page.status).toBe(502);
    expect(page.headers.get('content-type')).toBe('text/html');
    expect(await page.text()).toMatch(/^<html>/);
    expect(await (await raw('empty')).text()).toBe('');
  });

  it('cut: so many bytes, then a broken connection', async () => {
    const response = await raw('cut=300', { stream: true });
    let received = 0;
    const reading = (async () => {
      for await (const chunk of response.body ?? []) {
        received += (chunk as Uint8Array).length;
      }
    })();
    await expect(reading).rejects.toThrow();
    expect(received).toBe(300);
    await expect(raw('cut=20').then(answer => answer.json())).rejects.toThrow();
    expect(simulator.aborted()).toEqual([]);
  });

  it('cut=0: the headers and no body', async () => {
    const response = await raw('cut=0', { stream: true });
    expect(response.status).toBe(200);
    await expect(response.text()).rejects.toThrow();
  });

  it('stall: silent until the caller leaves, who is seen leaving', async () => {
    const leaving = new AbortController();
    const stream = await streamed('stall=600', leaving.signal);
    let text = '';
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      if (text !== '') {
        leaving.abort();
      }
    }
    await simulator.untilAborted(1);

    expect(text).toBe('You ');
    expect(simulator.aborted()).toMatchObject([{ path: '/v1/chat/completions' }]);
    expect(simulator.bill()['openai']?.['gpt-4o']?.output).toBeLessThan(9);
  });

  it('delay: a caller who leaves before the headers pays nothing', async () => {
    const leaving = new AbortController();
    const pending = raw('delay=60000', { signal: leaving.signal });
    while (simulator.active() === 0) {
      await fetch(`${simulator.url}/health`);
    }
    leaving.abort();
    await expect(pending).rejects.toThrow();
    await simulator.untilAborted(1);

    expect(simulator.bill()).toEqual({});
    expect((await ask('delay=1')).choices).toHaveLength(1);
  });

  it('close cuts what is still open', async () => {
    const other = await startSimulator({ port: 0, host: '127.0.0.1' });
    const client = new OpenAI({ apiKey: 'key', baseURL: `${other.url}/v1`, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: 'gpt-4o',
      messages: prompt('stall=0'),
      stream: true,
    });
    await other.close();
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow();
  });

  it('malformed: broken JSON, whole and streamed', async () => {
    await expect((await raw('malformed')).json()).rejects.toThrow(/JSON/);
    const events = (await (await raw('malformed', { stream: true })).text()).split('\n\n').filter(Boolean);
    const broken = events.filter(event => {
      try {
        return event !== 'data: [DONE]' && JSON.parse(event.slice(6)) === undefined;
      } catch {
        return true;
      }
    });
    expect(broken).toEqual([events[1]]);
  });

  it('drip: small pieces, the same text', async () => {
    const response = await raw('drip=1', { path: '/v1/messages', stream: true });
    let pieces = 0;
    let text = '';
    for await (const chunk of response.body ?? []) {
      pieces++;
      text += Buffer.from(chunk as Uint8Array).toString();
    }
    expect(pieces).toBeGreaterThan(20);
    expect(text).toMatch(/event: message_stop\n.*\n\n$/);
  });

  it('error-event: after some deltas, and no ending', async () => {
    let deltas = 0;
    const reading = (async () => {
      for await (const chunk of await streamed('error-event=2')) {
        deltas += chunk.choices[0]?.delta.content ? 1 : 0;
      }
    })();
    await expect(reading).rejects.toBeInstanceOf(APIError);
    expect(deltas).toBe(2);
    expect(await (await raw('error-event=2', { stream: true })).text()).not.toContain('[DONE]');

    const message = anthropic.messages.stream({
      model: 'claude-sonnet-5',
      max_tokens: 50,
      messages: prompt('error-event=1'),
    });
    await expect(message.finalMessage()).rejects.toMatchObject({ type: 'overloaded_error' });
    expect(await (await raw('error-event=0')).json()).toHaveProperty('error');
  });

  it('end-early: a clean end without the ending', async () => {
    const text = await (await raw('end-early', { stream: true })).text();
    expect(text).toContain('"content":"words)."');
    expect(text).not.toContain('[DONE]');
    expect(text).not.toMatch(/"finish_reason":"/);
    const events = await (await raw('end-early', { path: '/v1/messages', stream: true })).text();
    expect(events).toContain('content_block_stop');
    expect(events).not.toContain('message_delta');
  });

  it('no-usage: on the bill, not in the answer', async () => {
    expect(await ask('no-usage')).not.toHaveProperty('usage');
    expect(simulator.bill()['openai']?.['gpt-4o']).toMatchObject({ calls: 1, output: expect.any(Number) });
  });

  it('times and vendor: narrow a fault down', async () => {
    await expect(ask('status=500,times=2')).rejects.toMatchObject({ status: 500 });
    await expect(ask('status=500,times=2')).rejects.toMatchObject({ status: 500 });
    expect((await ask('status=500,times=2')).choices).toHaveLength(1);
    expect((await ask('status=500,vendor=google')).choices).toHaveLength(1);
    await expect(ask('status=500,vendor=openai')).rejects.toMatchObject({ status: 500 });
  });

  it('refuses a fault it does not know', async () => {
    await expect(ask('statsu=500')).rejects.toMatchObject({ status: 400 });
  });
});
