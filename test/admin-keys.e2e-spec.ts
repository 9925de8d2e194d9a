import OpenAI, { PermissionDeniedError } from 'openai';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { HELLO } from './support/hearing.js';

const MESSAGES = [{ role: 'user' as const, content: 'Hi' }];

interface Key {
  readonly id: string;
  readonly key: string;
  readonly expiresAt: string | null;
  readonly version: number;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const keysAt = (): string => `/admin/projects/${gateway.projectId}/api-keys`;

async function issue(settings: object = {}): Promise<Key> {
  return (await gateway.admin<Key>('POST', keysAt(), { name: 'key', ...settings })).body;
}

async function ask(key: string, model = 'openai/gpt-4.1-mini'): Promise<{ status: number; text: string }> {
  const response = await gateway.chat(
    { model, messages: MESSAGES },
    { headers: { authorization: `Bearer ${key}` } },
  );
  return { status: response.status, text: await response.text() };
}

async function transcribe(key: string, path = '/v1/audio/transcriptions'): Promise<number> {
  const form = new FormData();
  form.append('model', 'whisper-1');
  form.append('file', new Blob([new Uint8Array(HELLO)]), 'a.wav');
  const response = await gateway.call(path, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: form,
  });
  await response.text();
  return response.status;
}

describe('an API key', () => {
  it('is rotated: the new one works now, the old one until its overlap is over', async () => {
    const old = await issue({ allowedVendors: ['openai'] });
    const at = `${keysAt()}/${old.id}`;
    const rotated = await gateway.admin<Key>('POST', `${at}/rotate`, { overlapSeconds: 2 });

    expect(rotated).toMatchObject({
      status: 201,
      body: { name: 'key', allowedVendors: ['openai'], expiresAt: null, version: 1 },
    });
    expect(rotated.body.key).not.toBe(old.key);
    expect([(await ask(old.key)).status, (await ask(rotated.body.key)).status]).toEqual([200, 200]);
    await eventually(async () => expect((await ask(old.key)).status).toBe(401), 5000);
    const shown = await gateway.admin<Key>('GET', at);
    expect(shown.body).toMatchObject({ status: 'expired', version: 2 });
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(shown.body.expiresAt ?? ''));
    expect((await ask(rotated.body.key)).status).toBe(200);
    expect((await gateway.admin('POST', `${at}/rotate`, {})).status).toBe(409);
  });

  it('is rotated by one of those who do it at the same time; the others hear of the key that came of it', async () => {
    const old = await issue();
    const { body: before } = await gateway.admin<{ data: Key[] }>('GET', `${keysAt()}?limit=100`);
    const rotations = await Promise.all(
      [1, 2, 3, 4].map(() =>
        gateway.admin<Key>('POST', `${keysAt()}/${old.id}/rotate`, { overlapSeconds: 600 }),
      ),
    );

    const made = rotations.find(({ status }) => status === 201);
    expect(rotations.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409]);
    for (const { body } of rotations.filter(({ status }) => status === 409)) {
      expect(JSON.stringify(body)).toContain(made?.body.id);
    }
    const { body: after } = await gateway.admin<{ data: Key[] }>('GET', `${keysAt()}?limit=100`);
    expect(after.data).toHaveLength(before.data.length + 1);
    const created = await gateway.admin<{ data: unknown[] }>('GET', '/admin/audit?action=api-key.create');
    expect(created.body.data).toHaveLength(after.data.length);
  });

  it('keeps its own expiry when that comes before the overlap is over', async () => {
    const expiresAt = new Date(Date.now() + 60_000).toISOString();
    const old = await issue({ expiresAt });
    const rotated = await gateway.admin<Key>('POST', `${keysAt()}/${old.id}/rotate`, { overlapSeconds: 600 });

    expect(rotated.body.expiresAt).toBe(expiresAt);
    expect((await gateway.admin<Key>('GET', `${keysAt()}/${old.id}`)).body.expiresAt).toBe(expiresAt);
  });

  it('is changed, and known so within a second', async () => {
    const { id, key } = await issue();
    expect((await ask(key, 'claude-sonnet-5')).status).toBe(200);
    const changed = await gateway.admin('PATCH', `${keysAt()}/${id}`, {
      name: 'narrow',
      allowedModels: ['openai/*'],
    });

    expect(changed).toMatchObject({ status: 200, body: { name: 'narrow', version: 2 } });
    expect(changed.headers.get('etag')).toMatch(/^"2-/);
    await eventually(async () => expect((await ask(key, 'claude-sonnet-5')).status).toBe(403), 2000);
    await gateway.admin('PATCH', `${keysAt()}/${id}`, { allowedModels: null });
    await eventually(async () => expect((await ask(key, 'claude-sonnet-5')).status).toBe(200), 2000);
  });

  it('says when it was last used, and its version does not grow with that', async () => {
    const { id, key } = await issue();
    const at = `${keysAt()}/${id}`;
    expect((await gateway.admin('GET', at)).body).toMatchObject({ lastUsedAt: null });
    const unused = await gateway.admin('GET', at);
    const tag = unused.headers.get('etag') ?? '';
    // `fetch` would ask for a new answer in any case.
    const headers = { ...gateway.adminHeaders, 'if-none-match': tag, 'cache-control': 'max-age=0' };
    expect((await fetch(gateway.url + at, { headers })).status).toBe(304);
    const before = Date.now();
    await ask(key);

    const used = await eventually(async () => {
      const { body } = await gateway.admin<{ lastUsedAt: string; version: number }>('GET', at);
      expect(body.lastUsedAt).not.toBeNull();
      return body;
    });
    expect(Date.parse(used.lastUsedAt)).toBeGreaterThanOrEqual(before);
    expect(used.version).toBe(1);
    expect((await fetch(gateway.url + at, { headers })).status).toBe(200);
  });
});

describe('the scope of a key', () => {
  it('holds the models that it may use', async () => {
    const { key } = await issue({ allowedModels: ['openai/gpt-4.1-*', 'claude-*-5'] });
    const allowed = ['gpt-4.1-mini', 'openai/gpt-4.1-mini', 'claude-sonnet-5', 'anthropic/claude-sonnet-5'];
    const refused = ['gpt-4o', 'openai/gpt-4o', 'gemini-2.5-flash', 'claude-sonnet-4-6'];

    for (const model of allowed) {
      expect([model, (await ask(key, model)).status]).toEqual([model, 200]);
    }
    for (const model of refused) {
      expect([model, (await ask(key, model)).status]).toEqual([model, 403]);
    }
    const { text } = await ask(key, 'gpt-4o');
    expect(JSON.parse(text)).toMatchObject({
      error: {
        type: 'permission_error',
        code: 'outside_scope',
        message:
          "This API key may not use the model 'openai/gpt-4o'. It may use: openai/gpt-4.1-*, claude-*-5.",
      },
    });
  });

  it('holds for every field in which a vendor takes models', async () => {
    const { key } = await issue({ allowedModels: ['openai/gpt-4.1-mini'] });
    const before = gateway.simulator.requests().length;
    const response = await gateway.chat(
      { model: 'openai/gpt-4.1-mini', models: ['o1-pro'], messages: [{ role: 'user', content: 'Hi' }] },
      { headers: { authorization: `Bearer ${key}` } },
    );
    const form = new FormData();
    form.set('file', new Blob([new Uint8Array(HELLO)]), 'a.wav');
    form.set('model', 'openai/gpt-4.1-mini');
    form.append('fallbacks[]', 'o1-pro');
    const spoken = await fetch(`${gateway.url}/v1/audio/transcriptions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: form,
    });

    for (const refused of [response, spoken]) {
      expect(refused.status).toBe(403);
      expect(await refused.text()).toContain("may not use the model 'openai/o1-pro'");
    }
    expect(gateway.simulator.requests()).toHaveLength(before);
  });

  it('holds the vendors, for every endpoint', async () => {
    const { key } = await issue({ allowedVendors: ['google'] });

    expect((await ask(key, 'gemini-2.5-flash')).status).toBe(200);
    expect((await ask(key, 'gpt-4o')).status).toBe(403);
    expect(await transcribe(key)).toBe(403);
  });

  it('holds the endpoints, before and behind Express, whatever the spelling', async () => {
    const chat = await issue({ allowedEndpoints: ['/v1/chat/completions'] });
    const audio = await issue({ allowedEndpoints: ['/v1/audio/*'] });

    expect((await ask(chat.key)).status).toBe(200);
    expect(await transcribe(chat.key)).toBe(403);
    expect([
      await transcribe(audio.key),
      await transcribe(audio.key, '/v1/audio/transcribe?x=/v1/chat/completions'),
    ]).toEqual([200, 200]);
    for (const spelling of ['', '/', '?x=/v1/audio/y']) {
      const response = await gateway.call(`/v1/chat/completions${spelling}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${audio.key}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4o', messages: MESSAGES }),
      });
      expect([spelling, response.status]).toEqual([spelling, 403]);
      expect(await response.text()).toContain('It may use: /v1/audio/*.');
    }
  });

  it('limits the calls of one key, and its successor, and of no other', async () => {
    const limited = await issue({ requestsPerMinute: 2, concurrentCalls: 9 });
    const statuses = [await ask(limited.key), await ask(limited.key), await ask(limited.key)];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 429]);
    expect(statuses[2]?.text).toContain('The API key may make 2 requests a minute.');
    expect((await ask((await issue()).key)).status).toBe(200);

    const rotated = await gateway.admin<Key>('POST', `${keysAt()}/${limited.id}/rotate`, {});
    expect(rotated.body).toMatchObject({ requestsPerMinute: 2, concurrentCalls: 9 });
    const lifted = await gateway.admin('PATCH', `${keysAt()}/${rotated.body.id}`, {
      requestsPerMinute: null,
    });
    expect(lifted.body).toMatchObject({ requestsPerMinute: null, concurrentCalls: 9 });
  });

  it('holds the addresses that calls may come from', async () => {
    const here = await issue({ allowedAddresses: ['2001:db8::/32', '127.0.0.0/8'] });
    const elsewhere = await issue({ allowedAddresses: ['192.0.2.0/24', '::2'] });

    expect((await ask(here.key)).status).toBe(200);
    expect(await ask(elsewhere.key)).toMatchObject({
      status: 403,
      text: expect.stringContaining('It may use: 192.0.2.0/24, ::2.'),
    });
    expect(await transcribe(elsewhere.key)).toBe(403);
  });

  it.each([
    ['requestsPerMinute', 0],
    ['concurrentCalls', 1.5],
    ['allowedAddresses', ['10.0.0.0/33']],
    ['allowedAddresses', ['10.0.0/8']],
    ['allowedAddresses', ['localhost']],
    ['allowedEndpoints', ['v1/chat']],
    ['allowedModels', ['a model']],
    ['allowedVendors', []],
  ])('is refused with a wrong %s: %j', async (field, value) => {
    const { status, body } = await gateway.admin('POST', keysAt(), { name: 'x', [field]: value });

    expect(status).toBe(400);
    expect(body).toMatchObject({ error: { param: field } });
  });

  it('raises the error class of the SDK', async () => {
    const { key } = await issue({ allowedModels: ['google/*'] });
    const openai = new OpenAI({ apiKey: key, baseURL: `${gateway.url}/v1`, maxRetries: 0 });
    const error = await openai.chat.completions
      .create({ model: 'gpt-4o', messages: MESSAGES })
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(PermissionDeniedError);
  });
});
