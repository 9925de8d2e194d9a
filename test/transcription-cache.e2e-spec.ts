import { readdirSync } from 'node:fs';
import path from 'node:path';
import OpenAI, { toFile } from 'openai';
import { Flights } from '../libs/inference/src/domain/cache/flights.js';
import { Caching, type Owner } from './support/caching.js';
import { eventually } from './support/eventually.js';
import { type Asked, eventsOf, type Heard, hearAs, HELLO, said } from './support/hearing.js';
import { simulated } from './support/simulated.js';
import { usageOf } from './support/usage.js';

/** Another recording: a moment longer. */
const OTHER = Buffer.concat([HELLO, Buffer.alloc(320)]);
const ON = { transcriptionCache: true };

let caching: Caching;
let owner: Owner;

beforeAll(async () => {
  caching = await Caching.start(simulated);
});
beforeEach(async () => {
  caching.gateway.simulator.reset();
  owner = await caching.project(ON);
});
afterEach(async () => {
  caching.gateway.simulator.chaos([]);
  await eventually(() => expect(readdirSync(path.join(caching.gateway.dataDir, 'tmp'))).toEqual([]));
});
afterAll(() => caching?.gateway.stop());

const hear = (asked: Asked = {}): Promise<Heard> => hearAs(caching.gateway, { key: owner.apiKey, ...asked });

const told = async (asked: Asked): Promise<unknown> => {
  const { cache, status } = await hear(asked);
  return cache ?? status;
};

describe('a recording that comes again', () => {
  it('is heard by the vendor once, for the official SDK, and costs nothing the second time', async () => {
    const openai = new OpenAI({ apiKey: owner.apiKey, baseURL: `${caching.gateway.url}/v1`, maxRetries: 0 });
    const create = async () =>
      openai.audio.transcriptions
        .create({ file: await toFile(HELLO, 'hello.wav'), model: 'gpt-4o-transcribe' })
        .withResponse();
    const first = await create();
    caching.pass(3500);
    const second = await create();
    const ids = [first, second].map(({ response }) => response.headers.get('x-request-id'));

    expect(caching.calls).toBe(1);
    expect(second.data.text).toBe(first.data.text);
    expect(second.response.headers.get('x-llmhub-cache')).toBe('hit; age=3');
    expect(second.response.headers.get('x-llmhub-cost-usd')).toBe('0.000000000');
    expect(second.data).toMatchObject({
      usage: { type: 'tokens', input_tokens: 0, output_tokens: 0, total_tokens: 0, cost: 0 },
      x_llmhub: { cached: true, cost: 0, cache: { age: 3, call: ids[0] } },
    });
    const paid = await usageOf(caching.gateway, ids[0] ?? null);
    expect(paid.costNanoUsd).toBeGreaterThan(0);
    await expect(usageOf(caching.gateway, ids[1] ?? null)).resolves.toMatchObject({
      cached: true,
      attempts: 0,
      costNanoUsd: 0,
      inputTokens: 0,
      savedNanoUsd: paid.costNanoUsd ?? 0,
      provider: paid.provider,
      outcome: 'completed',
    });
  });

  it.each([
    ['json', 'openai/whisper-1'],
    ['text', 'openai/whisper-1'],
    ['srt', 'openai/whisper-1'],
    ['vtt', 'openai/whisper-1'],
    ['verbose_json', 'openai/whisper-1'],
    ['diarized_json', 'openai/gpt-4o-transcribe-diarize'],
    ['json', 'mistral/voxtral-mini-latest'],
    ['verbose_json', 'deepgram/nova-3'],
    ['json', 'google/gemini-2.5-flash'],
  ])('is told as before in %s of %s', async (response_format, model) => {
    const fields = { response_format, model };
    const first = await hear({ fields });
    const second = await hear({ fields });

    expect([first.status, first.cache, second.cache]).toEqual([200, 'miss', 'hit; age=0']);
    expect(caching.calls).toBe(1);
    expect(said(second.text)).toEqual(said(first.text));
    expect(second.cost).toBe('0.000000000');
  });

  it.each([
    'openai/gpt-4o-transcribe',
    'openai/whisper-1',
    'mistral/voxtral-mini-latest',
    'google/gemini-2.5-flash',
  ])('is streamed as before by %s', async model => {
    const fields = { model, stream: 'true' };
    const first = await hear({ fields });
    const second = await hear({ fields });
    const done = eventsOf(second.text).at(-1);

    expect([first.cache, second.cache]).toEqual(['miss', 'hit; age=0']);
    expect(caching.calls).toBe(1);
    expect(eventsOf(second.text).map(said)).toEqual(eventsOf(first.text).map(said));
    expect(done).toMatchObject({
      type: 'transcript.text.done',
      usage: { cost: 0 },
      x_llmhub: { cached: true, cost: 0 },
    });
    expect(JSON.stringify(done?.['usage'])).toMatch(/"total_tokens":0|"seconds":0/);
  });

  it('is the same under another name, at the other path, and as whichever way its model is named', async () => {
    await hear({ fields: { model: 'whisper-1' } });

    expect(await told({ name: 'bye.wav' })).toBe('hit; age=0');
    expect(await told({ path: '/v1/audio/transcribe' })).toBe('hit; age=0');
    expect(caching.calls).toBe(1);
  });

  it.each([
    ['other bytes', { file: OTHER }],
    ['another model', { fields: { model: 'openai/gpt-4o-transcribe' } }],
    ['another format', { fields: { response_format: 'verbose_json' } }],
    ['a language', { fields: { language: 'en' } }],
    ['a prompt', { fields: { prompt: 'names' } }],
    ['a stream', { fields: { stream: 'true' } }],
    ['a field of the vendor', { fields: { chunking_strategy: 'auto' } }],
    ['another task', { path: '/v1/audio/translations' }],
    ['another namespace', { headers: { 'x-llmhub-cache-namespace': 'a' } }],
  ])('is another one with %s', async (_, asked) => {
    await hear();

    expect(await told(asked)).toBe('miss');
    expect(await told(asked)).toBe('hit; age=0');
    expect(await told({})).toBe('hit; age=0');
  });

  it('obeys what is asked of the cache', async () => {
    expect(await told({ headers: { 'x-llmhub-cache': 'only' } })).toBe(504);
    expect(await told({ headers: { 'x-llmhub-cache': 'off' } })).toBe(200);
    expect(await told({ headers: { 'cache-control': 'no-store' } })).toBe(200);
    expect(await told({ headers: { 'x-llmhub-cache-ttl': '0' } })).toBe('miss');
    expect(await told({})).toBe('miss');
    expect(await told({ headers: { 'cache-control': 'no-cache' } })).toBe('refresh');
    expect(await told({ headers: { 'x-llmhub-cache': 'only' } })).toBe('hit; age=0');
    caching.pass(3_600_000);
    expect(await told({})).toBe('miss');
  });

  it('is not looked for where the form names a file elsewhere', async () => {
    const fields = { cloud_storage_url: 'https://example.com/a.wav' };

    expect(await told({ fields })).toBe('bypass');
    expect(await told({ fields })).toBe('bypass');
  });

  it('is forgotten when the project is purged', async () => {
    await hear();
    const purge = `/admin/projects/${owner.id}/cache/purge`;
    const { body } = await caching.gateway.admin('POST', purge, { model: 'openai/whisper-1' });

    expect(body).toEqual({ purged: 1 });
    expect(await told({})).toBe('miss');
  });

  it('is what it is with a key that the caller chose, and with that alone', async () => {
    const at = `/admin/projects/${owner.id}/provider-keys`;
    const key = { provider: 'openai', name: 'chosen', apiKey: 'sk-of-the-project-0001' };
    const { id } = await caching.create<{ id: string }>(at, key);
    const fields = { llm_api_key_id: id };
    await hear();

    expect(await told({ fields })).toBe('miss');
    expect(await told({ fields })).toBe('hit; age=0');
    expect(caching.calls).toBe(2);
  });
});

describe('a recording that failed', () => {
  it('is heard again', async () => {
    caching.gateway.simulator.chaos([{ fault: 'status=500' }]);
    expect((await hear()).status).toBe(502);
    caching.gateway.simulator.chaos([]);

    expect(await told({})).toBe('miss');
    expect(await told({})).toBe('hit; age=0');
  });

  it('is heard again when its stream broke off', async () => {
    const fields = { model: 'openai/gpt-4o-transcribe', stream: 'true' };
    caching.gateway.simulator.chaos([{ fault: 'cut=2' }]);
    await hear({ fields }).catch(() => null);
    caching.gateway.simulator.chaos([]);

    expect(await told({ fields })).toBe('miss');
  });
});

describe('a recording that several send at the same time', () => {
  it.each<Record<string, string>>([{}, { model: 'openai/gpt-4o-transcribe', stream: 'true' }])(
    'is heard once, and told to all (%j)',
    async fields => {
      caching.gateway.simulator.chaos([{ fault: 'delay=500' }]);
      const all = await Promise.all(Array.from({ length: 10 }, () => hear({ fields })));

      expect(caching.calls).toBe(1);
      expect(all.map(({ cache }) => cache).toSorted()).toEqual([
        ...Array(9).fill('hit; age=0; shared'),
        'miss',
      ]);
      expect(all.map(({ status }) => status)).toEqual(Array(10).fill(200));
    },
  );

  it('is heard to its end for the others when the one who sent it first has left', async () => {
    caching.gateway.simulator.chaos([{ fault: 'delay=2500' }]);
    const leaving = new AbortController();
    const first = hear({ signal: leaving.signal }).catch(() => null);
    await eventually(() => expect(caching.calls).toBe(1));
    const others = Array.from({ length: 3 }, () => hear());
    const flights = caching.gateway.app.get(Flights);
    await eventually(() => {
      const [found] = flights['flights'].values();
      expect(found?.flight).toMatchObject({ readers: 4 });
    });
    leaving.abort();
    await first;

    expect((await Promise.all(others)).map(({ cache }) => cache)).toEqual(
      Array(3).fill('hit; age=0; shared'),
    );
    expect(caching.calls).toBe(1);
  });
});

describe('a project', () => {
  it('has none of it unless it asks, whatever else it keeps', async () => {
    for (const settings of [{}, { cache: 'all' }]) {
      const { apiKey: key } = await caching.project(settings);
      expect(await told({ key })).toBe(200);
      expect(await told({ key })).toBe(200);
      expect(await told({ key, headers: { 'x-llmhub-cache': 'only' } })).toBe(504);
    }
    expect(caching.calls).toBe(4);
  });

  it('that asks for it keeps nothing else by that', async () => {
    const body = caching.question();

    expect(await caching.told(owner, body, {}, {})).toEqual([null, null]);
  });

  it('hears nothing of another one’s, and its keys of each other’s only where they share', async () => {
    await hear();
    const other = await caching.project({ ...ON, cacheScope: 'key' });
    const key = await caching.key(other.id);

    expect(await told({ key: other.apiKey })).toBe('miss');
    expect(await told({ key: key.key })).toBe('miss');
    expect(await told({ key: other.apiKey })).toBe('hit; age=0');
  });

  it('is not given what it may not use any more', async () => {
    await hear();
    await caching.change(`/admin/projects/${owner.id}`, { allowedVendors: ['deepgram'] });

    expect(await told({})).toBe(403);
  });

  it('is told of a setting that is none', async () => {
    const at = `/admin/projects/${owner.id}`;
    await expect(caching.gateway.admin('PATCH', at, { transcriptionCache: 'yes' })).resolves.toMatchObject({
      status: 400,
    });
  });
});
