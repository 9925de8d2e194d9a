import type { Simulator } from '../src/server.js';
import { startSimulator } from '../src/server.js';

let simulator: Simulator;

beforeAll(async () => {
  simulator = await startSimulator({ port: 0, host: '127.0.0.1' });
});
beforeEach(() => simulator.reset());
afterAll(() => simulator.close());

interface Asked {
  readonly path?: string;
  readonly model?: string;
  readonly key?: string;
  readonly fault?: string;
  readonly stream?: boolean;
}

/** A call in OpenAI's words, or in Anthropic's, as the path says. */
function ask({ path = '/v1/chat/completions', model = 'm', key = 'key-1111', fault, stream }: Asked = {}) {
  return fetch(simulator.url + path, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'anthropic-version': '2023-06-01',
      ...(fault !== undefined && { 'x-sim-fault': fault }),
    },
    body: JSON.stringify({ model, max_tokens: 50, stream, messages: [{ role: 'user', content: 'hi' }] }),
  });
}

function askGemini(fault: string, method = 'generateContent?alt=json'): Promise<Response> {
  return fetch(`${simulator.url}/v1beta/models/gemini-2.5-flash:${method}`, {
    method: 'POST',
    headers: { 'x-goog-api-key': 'key', 'x-sim-fault': fault },
    body: JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'hi' }] }] }),
  });
}

async function put(rules: unknown): Promise<number> {
  const answer = await fetch(`${simulator.url}/chaos`, { method: 'PUT', body: JSON.stringify(rules) });
  await answer.text();
  return answer.status;
}

/** Of one call after another. */
async function statuses(count: number, asked?: Asked): Promise<number[]> {
  const found: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const answer = await ask(asked);
    await answer.text();
    found.push(answer.status);
  }
  return found;
}

describe('the chaos', () => {
  it('strikes a whole vendor until it is switched off', async () => {
    expect(await put([{ vendor: 'groq', fault: 'status=503' }])).toBe(200);
    expect(await statuses(2, { path: '/groq/v1/chat/completions' })).toEqual([503, 503]);
    expect(await statuses(1)).toEqual([200]);
    expect(
      (await fetch(`${simulator.url}/groq/v1/models`, { headers: { authorization: 'Bearer k' } })).status,
    ).toBe(503);

    await fetch(`${simulator.url}/chaos`, { method: 'DELETE' });
    expect(await statuses(1, { path: '/groq/v1/chat/completions' })).toEqual([200]);
  });

  it('strikes one model, or one key, in place of the rules before', async () => {
    await put([{ fault: 'status=500' }]);
    await put([{ model: 'a', fault: 'status=502' }, { fault: 'status=401,key=2222' }]);

    expect(await statuses(1, { model: 'a' })).toEqual([502]);
    expect(await statuses(1, { model: 'b' })).toEqual([200]);
    expect(await statuses(1, { model: 'b', key: 'key-2222' })).toEqual([401]);
    expect(await statuses(1, { path: '/v1/messages', key: 'key-2222' })).toEqual([401]);
  });

  it('strikes an even share, the same calls each time', async () => {
    simulator.chaos([{ fault: 'status=503', share: 0.25 }]);
    const first = await statuses(8);
    expect(first).toEqual([200, 200, 200, 503, 200, 200, 200, 503]);

    simulator.chaos([{ fault: 'status=503', share: 0.25 }]);
    expect(await statuses(8)).toEqual(first);
    simulator.chaos([{ fault: 'status=503', share: 0.29 }]);
    expect((await statuses(100)).filter(status => status === 503)).toHaveLength(29);
    simulator.chaos([{ fault: 'status=503', share: 0 }]);
    expect(await statuses(3)).toEqual([200, 200, 200]);
  });

  it('strikes so many times', async () => {
    simulator.chaos([{ fault: 'status=503,times=2' }]);
    expect(await statuses(4)).toEqual([503, 503, 200, 200]);
  });

  it('delays a share of the calls besides', async () => {
    simulator.chaos([{ tail: { share: 0.5, delay: 60_000 } }]);
    expect(await statuses(1)).toEqual([200]);
    const leaving = new AbortController();
    const slow = fetch(`${simulator.url}/v1/models`, {
      headers: { authorization: 'Bearer k' },
      signal: leaving.signal,
    });
    while (simulator.active() === 0) {
      await fetch(`${simulator.url}/health`);
    }
    expect(await statuses(1)).toEqual([200]);
    leaving.abort();
    await expect(slow).rejects.toThrow();
    await simulator.untilAborted(1);
  });

  it('lets the fault of a call come first, and of two rules the later', async () => {
    simulator.chaos([{ fault: 'status=503' }, { fault: 'status=502', model: 'a' }]);
    expect(await statuses(1, { model: 'a' })).toEqual([502]);
    expect(await statuses(1, { model: 'a', fault: 'status=418' })).toEqual([418]);
  });

  it('streams as it should until the cut', async () => {
    simulator.chaos([{ fault: 'cut=300' }]);
    const answer = await ask({ stream: true });
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it.each([
    ['no list', {}],
    ['an unknown fault', [{ fault: 'statsu=503' }]],
    ['an unknown member', [{ vendr: 'openai', fault: 'status=503' }]],
    ['a share above 1', [{ fault: 'status=503', share: 2 }]],
    ['a tail without a delay', [{ tail: { share: 0.1 } }]],
    ['no object', ['status=503']],
  ])('refuses %s', async (_, rules) => {
    expect(await put(rules)).toBe(400);
    expect(await statuses(1)).toEqual([200]);
  });
});

describe('the count of calls', () => {
  it('tells every call by vendor, model and key, whatever became of it', async () => {
    simulator.chaos([
      { vendor: 'groq', fault: 'status=503' },
      { model: 'b', fault: 'drop' },
    ]);
    await Promise.all(Array.from({ length: 300 }, () => statuses(1)));
    await statuses(2, { path: '/groq/v1/chat/completions', key: 'key-2222' });
    await expect(ask({ model: 'b' })).rejects.toThrow();
    await (await askGemini('')).text();

    const counts = {
      openai: { m: { calls: 300, keys: { '1111': 300 } }, b: { calls: 1, keys: { '1111': 1 } } },
      groq: { m: { calls: 2, keys: { '2222': 2 } } },
      google: { 'gemini-2.5-flash': { calls: 1, keys: { key: 1 } } },
    };
    expect(simulator.calls()).toEqual(counts);
    expect(await (await fetch(`${simulator.url}/calls`)).json()).toEqual(counts);
    await fetch(`${simulator.url}/calls`, { method: 'DELETE' });
    expect(simulator.calls()).toEqual({});
    expect(simulator.aborted()).toEqual([]);
  });
});

describe('limits', () => {
  it('are told in OpenAI’s headers, with a success or an error', async () => {
    const answer = await ask({ fault: 'limits=0/2000' });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    expect(answer.headers.get('x-ratelimit-reset-requests')).toBe('2s');

    const limited = await ask({ fault: 'status=429,retry-after=3,limits=0/250' });
    expect(limited.status).toBe(429);
    expect(limited.headers.get('retry-after')).toBe('3');
    expect(limited.headers.get('x-ratelimit-reset-requests')).toBe('250ms');
    expect((await ask()).headers.get('x-ratelimit-remaining-requests')).toBeNull();
  });

  it('are told in Anthropic’s headers, of a stream too, and not by Gemini', async () => {
    const before = Date.now();
    const answer = await ask({ path: '/v1/messages', fault: 'limits=7/2000', stream: true });
    await answer.text();
    expect(answer.headers.get('anthropic-ratelimit-requests-remaining')).toBe('7');
    const reset = Date.parse(answer.headers.get('anthropic-ratelimit-requests-reset') ?? '');
    expect(reset).toBeGreaterThanOrEqual(before + 2000);
    expect(reset).toBeLessThanOrEqual(Date.now() + 2000);

    const names = [...(await askGemini('limits=0/2000')).headers.keys()];
    expect(names.filter(name => name.includes('ratelimit'))).toEqual([]);
  });
});

describe('a refused prompt', () => {
  it.each([
    ['OpenAI', '/v1/chat/completions', { code: 'context_length_exceeded', param: 'messages' }],
    ['Azure', '/azure-openai/v1/chat/completions', { code: 'context_length_exceeded' }],
    ['Anthropic', '/v1/messages', { message: expect.stringMatching(/^prompt is too long: \d+ tokens > /) }],
  ])('is too long in the words of %s', async (_, path, error) => {
    const answer = await ask({ path, fault: 'context' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } });
  });

  it.each([
    ['OpenAI', '/v1/chat/completions', { code: 'invalid_prompt' }],
    [
      'Azure',
      '/azure-openai/v1/chat/completions',
      { code: 'content_filter', innererror: { code: 'ResponsibleAIPolicyViolation' } },
    ],
    ['Anthropic', '/v1/messages', { message: 'Output blocked by content filtering policy' }],
  ])('is against the policy in the words of %s', async (_, path, error) => {
    const answer = await ask({ path, fault: 'policy' });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error });
    expect(simulator.bill()).toEqual({});
  });

  it('is told by Gemini as an error when too long, and as an empty answer when forbidden', async () => {
    expect(await (await askGemini('context')).json()).toMatchObject({
      error: {
        code: 400,
        status: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/^The input token count \(\d+\) exceeds the maximum number/),
      },
    });
    const whole = await askGemini('policy');
    expect(whole.status).toBe(200);
    expect(await whole.json()).toMatchObject({ promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } });
    const events = await (await askGemini('policy', 'streamGenerateContent?alt=sse')).text();
    expect(events).toMatch(/^data: \{"promptFeedback".*\}\r\n\r\n$/);
  });
});
