import { Caching, MODEL, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { usageOf } from './support/usage.js';
import { HELLO } from './support/hearing.js';

const CLAUDE = 'anthropic/claude-sonnet-5';

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start();
  owner = await caching.project({ cache: 'all', cacheTtlSeconds: 100 });
});

afterAll(() => caching?.gateway.stop());

const told = (body: object, ...headers: object[]): Promise<(string | null)[]> =>
  caching.told(owner, body, ...headers);

describe('a request that asks something of the cache', () => {
  it('has nothing to do with it', async () => {
    const wishes = [{ 'x-llmhub-cache': 'off' }, {}, { 'cache-control': 'no-store' }];

    expect(await told(caching.question(), ...wishes)).toEqual([null, 'miss', null]);
  });

  it.each<Record<string, string>>([{ 'x-llmhub-cache': 'refresh' }, { 'cache-control': 'no-cache' }])(
    'has the vendor asked, and its answer kept instead: %j',
    async wish => {
      const body = caching.question();
      const first = await caching.ask(owner, body);
      const second = await caching.ask(owner, body, wish);
      const third = await caching.ask(owner, body);

      expect([first.cache, second.cache, third.cache]).toEqual(['miss', 'refresh', 'hit; age=0']);
      expect(JSON.parse(third.text).x_llmhub.cache.call).toBe(second.headers.get('x-request-id'));
    },
  );

  it('has it kept in spite of an older one that takes longer, which nobody follows any more', async () => {
    const body = caching.question('[[sim:fault delay=1500,times=1]]');
    const before = caching.calls;
    const slow = caching.ask(owner, body);
    await eventually(() => expect(caching.calls - before).toBe(1));
    const fresh = await caching.ask(owner, body, { 'x-llmhub-cache': 'refresh' });
    const next = await caching.ask(owner, body);
    await slow;
    const last = await caching.ask(owner, body);

    expect([next.cache, last.cache]).toEqual(['hit; age=0', 'hit; age=0']);
    const calls = [next, last].map(({ text }) => JSON.parse(text).x_llmhub.cache.call);
    expect(calls).toEqual(Array(2).fill(fresh.headers.get('x-request-id')));
  });

  it('says how long its answer is kept, at most as long as the project lets it', async () => {
    const [short, long] = [caching.question(), caching.question()];
    await told(short, { 'x-llmhub-cache-ttl': '10' });
    await told(long, { 'x-llmhub-cache-ttl': '100000' });
    caching.pass(9999);
    expect(await told(short, {})).toEqual(['hit; age=9']);
    caching.pass(1);
    expect(await told(short, {})).toEqual(['miss']);
    caching.pass(89_999);
    expect(await told(long, {})).toEqual(['hit; age=99']);
    caching.pass(1);
    expect(await told(long, {})).toEqual(['miss']);
  });

  it('is not kept for no time at all', async () => {
    expect(await told(caching.question(), { 'x-llmhub-cache-ttl': '0' }, {})).toEqual(['miss', 'miss']);
  });

  it('takes none that is older than it says', async () => {
    const body = caching.question();
    await told(body, {});
    caching.pass(5000);
    const wishes = [{ 'cache-control': 'max-age=5' }, { 'cache-control': 'max-age=4' }, {}];

    expect(await told(body, ...wishes)).toEqual(['hit; age=5', 'miss', 'hit; age=0']);
  });

  it('takes none that is older than its project lets it be by now', async () => {
    const other = await caching.project({ cache: 'all', cacheTtlSeconds: 3600 });
    const body = caching.question();
    await caching.ask(other, body);
    await caching.change(`/admin/projects/${other.id}`, { cacheTtlSeconds: 1 });

    expect(await caching.told(other, body, {}, {})).toEqual(['miss', 'hit; age=0']);
  });

  it('keeps its answers apart by a name of its own', async () => {
    const [one, two] = ['one', 'two'].map(name => ({ 'x-llmhub-cache-namespace': name }));
    const answers = await told(caching.question(), { ...one }, { ...two }, {}, { ...one }, { ...two });

    expect(answers).toEqual(['miss', 'miss', 'miss', 'hit; age=0', 'hit; age=0']);
  });

  it('is refused when that cannot be read', async () => {
    const { status, text } = await caching.ask(owner, caching.question(), { 'x-llmhub-cache': 'sometimes' });

    expect(status).toBe(400);
    expect(JSON.parse(text).error).toMatchObject({ type: 'invalid_request_error', param: 'x-llmhub-cache' });
  });
});

describe('a request that wants the cache alone', () => {
  const only = { 'x-llmhub-cache': 'only' };
  const messages = [{ role: 'user', content: 'nobody asked this' }];
  const contents = [{ role: 'user', parts: [{ text: 'x' }] }];
  const requests: [string, string, object][] = [
    ['/v1/chat/completions', '"code":"cache_miss"', { model: MODEL, messages }],
    ['/v1/chat/completions', '"code":"cache_miss"', { model: MODEL, messages, stream: true }],
    ['/v1/responses', '"code":"cache_miss"', { model: MODEL, input: 'x', store: false }],
    ['/v1/completions', '"code":"cache_miss"', { model: MODEL, prompt: 'x' }],
    ['/v1/messages', '"type":"timeout_error"', { model: MODEL, max_tokens: 9, messages }],
    [`/v1beta/models/${MODEL}:generateContent`, '"status":"DEADLINE_EXCEEDED"', { contents }],
  ];

  it.each(requests)('is told in the words of %s when there is none: %s', async (path, words, body) => {
    const before = caching.calls;
    const response = await caching.gateway.call(path, {
      method: 'POST',
      headers: { ...only, 'content-type': 'application/json', authorization: `Bearer ${owner.apiKey}` },
      body: JSON.stringify(body),
    });

    expect(response.status).toBe(504);
    expect(await response.text()).toContain(words);
    expect(response.headers.get('x-should-retry')).toBe('false');
    expect(caching.calls).toBe(before);
    await expect(usageOf(caching.gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      status: 504,
      errorCode: 'cache_miss',
      cached: false,
      costNanoUsd: 0,
    });
  });

  const elsewhere: [string, string, object][] = [
    ['/v1/images/generations', '"code":"cache_miss"', { model: 'openai/gpt-image-1', prompt: 'a hat' }],
    ['/v1/messages/count_tokens', '"type":"timeout_error"', { model: CLAUDE, messages }],
    ['/v1/messages/count_tokens', '"type":"timeout_error"', { model: MODEL, messages }],
    ['/v1/responses/input_tokens', '"code":"cache_miss"', { model: MODEL, input: 'x' }],
    ['/v1/responses/compact', '"code":"cache_miss"', { model: MODEL, input: 'x' }],
    ['/openai/v1/chat/completions', '"code":"cache_miss"', { model: 'gpt-4.1-mini', messages }],
    ['/v1/audio/transcriptions', '"code":"cache_miss"', { model: 'openai/whisper-1' }],
    ['/v1/audio/speech', '"code":"cache_miss"', { model: 'openai/tts-1', input: 'x', voice: 'alloy' }],
  ];

  it.each(elsewhere)('is told of none where there is no cache: %s: %s', async (path, words, body) => {
    const before = caching.calls;
    const isAudio = path === '/v1/audio/transcriptions';
    const response = await caching.gateway.call(path, {
      method: 'POST',
      headers: {
        ...only,
        ...(isAudio ? {} : { 'content-type': 'application/json' }),
        authorization: `Bearer ${owner.apiKey}`,
      },
      body: isAudio ? recording(body) : JSON.stringify(body),
    });

    expect({ status: response.status, text: await response.text() }).toEqual({
      status: 504,
      text: expect.stringContaining(words),
    });
    expect(caching.calls).toBe(before);
    await expect(usageOf(caching.gateway, response.headers.get('x-request-id'))).resolves.toMatchObject({
      status: 504,
      errorCode: 'cache_miss',
      attempts: 0,
      costNanoUsd: 0,
    });
  });

  it('is answered when there is one', async () => {
    const answers = await told(caching.question(), {}, only, { 'cache-control': 'only-if-cached' });

    expect(answers).toEqual(['miss', 'hit; age=0', 'hit; age=0']);
  });

  it('is told of none in a project that keeps none', async () => {
    const other = await caching.project({});
    const body = caching.question();

    expect(await caching.told(other, body, {}, { 'x-llmhub-cache': 'refresh' })).toEqual([null, null]);
    expect((await caching.ask(other, body, only)).status).toBe(504);
  });
});

function recording(fields: object): FormData {
  const form = new FormData();
  Object.entries(fields).forEach(([name, value]) => form.append(name, String(value)));
  form.append('file', new Blob([new Uint8Array(HELLO)]), 'a.wav');
  return form;
}
