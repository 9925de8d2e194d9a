import { UsageRecorder } from '@app/analytics';
import { ProjectSweep } from '@app/projects';
import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';
import { HELLO } from './support/hearing.js';

const GRACE_MS = 5000;
const MESSAGES = [{ role: 'user', content: 'Hi' }];

interface Project {
  readonly id: string;
  readonly apiKey: string;
  readonly name: string;
  readonly version: number;
  readonly deletesAt: string | null;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway({ AI_GATEWAY_PROJECT_GRACE_MS: String(GRACE_MS) });
});
afterAll(() => gateway?.stop());

async function create(settings: object = {}): Promise<Project> {
  return (await gateway.admin<Project>('POST', '/admin/projects', { name: 'demo', ...settings })).body;
}

function ask(key: string, body: object = { model: 'openai/gpt-4.1-mini' }): Promise<Response> {
  return gateway.chat({ messages: MESSAGES, ...body }, { headers: { authorization: `Bearer ${key}` } });
}

async function statusOf(key: string, body?: object): Promise<number> {
  const response = await ask(key, body);
  await response.text();
  return response.status;
}

const limits = ({ headers }: Response): unknown[] =>
  ['limit', 'remaining'].map(name => headers.get(`x-ratelimit-${name}-requests`));

function patch(at: string, body: object, ifMatch: string): Promise<Response> {
  return gateway.call(at, {
    method: 'PATCH',
    headers: { ...gateway.adminHeaders, 'if-match': ifMatch },
    body: JSON.stringify(body),
  });
}

describe('a deleted project', () => {
  it('stops its keys at once, can be restored, and is removed when its grace is over', async () => {
    const { id, apiKey } = await create();
    const at = `/admin/projects/${id}`;
    expect(await statusOf(apiKey)).toBe(200);
    const before = Date.now();
    const deleted = await gateway.admin<Project>('DELETE', at);

    expect(deleted.status).toBe(200);
    expect(Date.parse(deleted.body.deletesAt ?? '')).toBeGreaterThanOrEqual(before + GRACE_MS);
    await eventually(async () => expect(await statusOf(apiKey)).toBe(403), 2000);
    const again = await gateway.admin<Project>('DELETE', at);
    expect(again.body.deletesAt).toBe(deleted.body.deletesAt);

    const restored = await gateway.admin<Project>('POST', `${at}/restore`);
    expect(restored).toMatchObject({ status: 200, body: { deletesAt: null } });
    await eventually(async () => expect(await statusOf(apiKey)).toBe(200), 2000);
    expect((await gateway.admin('POST', `${at}/restore`)).status).toBe(409);
  });

  it('takes everything with it but its usage records', async () => {
    const { id, apiKey } = await create();
    const at = `/admin/projects/${id}`;
    await gateway.admin('POST', `${at}/provider-keys`, { provider: 'google', name: 'x', apiKey: 'AIza-x' });
    const answered = await ask(apiKey);
    await answered.text();
    await gateway.app.get(UsageRecorder).flush();
    await gateway.admin('DELETE', at);
    const sweep = gateway.app.get(ProjectSweep);
    await sweep.run();
    expect((await gateway.admin('GET', at)).status).toBe(200);

    await eventually(async () => {
      await sweep.run();
      expect((await gateway.admin('GET', at)).status).toBe(404);
    }, 3 * GRACE_MS);
    expect((await gateway.admin('GET', `${at}/api-keys`)).status).toBe(404);
    expect((await gateway.admin('POST', `${at}/restore`)).status).toBe(404);
    await eventually(async () => expect(await statusOf(apiKey)).toBe(401), 2000);
    const usage = await gateway.admin('GET', `/admin/usage/${answered.headers.get('x-request-id')}`);
    expect(usage).toMatchObject({ status: 200, body: { projectId: id } });
    const audit = await gateway.admin('GET', `/admin/audit?target=${id}&action=project.remove`);
    expect(audit.body).toMatchObject({
      data: [{ actorId: 'gateway', before: { name: 'demo' }, after: null }],
    });
  });
});

describe('the settings of a project', () => {
  it('name the models of requests that name none', async () => {
    const { apiKey, id } = await create({
      defaultChatModel: 'gpt-4.1-mini',
      defaultTranscriptionModel: 'openai/whisper-1',
    });
    const answers = await Promise.all(
      [{}, { model: null }, { model: '' }, { model: 'anthropic/claude-sonnet-5' }].map(async body =>
        (await ask(apiKey, body)).json(),
      ),
    );

    expect(answers.map(answer => (answer as { model: string }).model)).toEqual([
      'gpt-4.1-mini',
      'gpt-4.1-mini',
      'gpt-4.1-mini',
      expect.stringContaining('claude'),
    ]);
    await gateway.admin('PATCH', `/admin/projects/${id}`, { defaultChatModel: 'claude-sonnet-5' });
    await eventually(async () => {
      expect(await (await ask(apiKey, {})).json()).toMatchObject({ x_llmhub: { provider: 'anthropic' } });
    }, 2000);
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(HELLO)]), 'a.wav');
    const heard = await gateway.call('/v1/audio/transcriptions', {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: form,
    });
    expect([heard.status, heard.headers.get('x-llmhub-model')]).toEqual([200, 'whisper-1']);
    await gateway.admin('PATCH', `/admin/projects/${id}`, { defaultChatModel: null });
    await eventually(async () => expect(await statusOf(apiKey, {})).toBe(400), 2000);
  });

  it('open some vendors only', async () => {
    const { apiKey } = await create({ allowedVendors: ['openai', 'google'] });
    const refused = await ask(apiKey, { model: 'claude-sonnet-5' });

    expect(refused.status).toBe(403);
    await expect(refused.json()).resolves.toMatchObject({
      error: {
        code: 'outside_scope',
        message: "This project may not use the vendor 'anthropic'. It may use: openai, google.",
      },
    });
    expect(await statusOf(apiKey, { model: 'gemini-2.5-flash' })).toBe(200);
  });

  it('limit bodies and files', async () => {
    const { apiKey } = await create({ bodyLimitBytes: 200, fileLimitBytes: 100 });
    const large = await ask(apiKey, { model: 'openai/gpt-4.1-mini', user: 'x'.repeat(200) });
    const form = new FormData();
    form.append('model', 'whisper-1');
    form.append('file', new Blob([Buffer.alloc(101)]), 'a.wav');
    const file = await gateway.call('/v1/audio/transcriptions', {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}` },
      body: form,
    });

    expect([large.status, file.status, await statusOf(apiKey)]).toEqual([413, 413, 200]);
  });

  it('limit the requests of a minute, in the words of the caller', async () => {
    const { apiKey } = await create({ requestsPerMinute: 2 });
    const first = await ask(apiKey);
    const second = await ask(apiKey, { model: 'no-vendor-has-this' });
    const third = await ask(apiKey);

    expect([first, second, third].map(({ status }) => status)).toEqual([200, 404, 429]);
    expect([first, second, third].map(limits)).toEqual([
      ['2', '1'],
      ['2', '0'],
      ['2', '0'],
    ]);
    expect(Number(third.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(Number(third.headers.get('retry-after'))).toBeLessThanOrEqual(61);
    await expect(third.json()).resolves.toMatchObject({
      error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' },
    });
  });

  it('limit the calls that are open at the same time, until they end or are left', async () => {
    const { apiKey } = await create({ concurrentCalls: 1 });
    const slow = { model: 'openai/gpt-4.1-mini', stream: true };
    const leave = new AbortController();
    const open = await gateway.chat(
      { ...slow, messages: [{ role: 'user', content: '[[sim:count 500]] [[sim:fault pace=100]]' }] },
      { headers: { authorization: `Bearer ${apiKey}` }, signal: leave.signal },
    );
    const refused = await ask(apiKey);

    expect([open.status, refused.status]).toEqual([200, 429]);
    expect(refused.headers.get('retry-after')).toBe('1');
    await expect(refused.json()).resolves.toMatchObject({ error: { code: 'concurrency_limit_exceeded' } });
    leave.abort();
    await eventually(async () => expect(await statusOf(apiKey)).toBe(200), 2000);
    expect(await statusOf(apiKey)).toBe(200);
  });

  it('make it strict and leave annotations out', async () => {
    const { apiKey } = await create({ strict: true, annotate: false });
    const lossy = { model: 'anthropic/claude-sonnet-5', logprobs: true };

    expect(await statusOf(apiKey, lossy)).toBe(400);
    const plain = await (await ask(apiKey)).json();
    expect(plain).not.toHaveProperty('x_llmhub');
    expect(plain).not.toHaveProperty('usage.cost');
    expect(plain).toHaveProperty('usage.total_tokens');
  });
});

describe('an update', () => {
  it('goes through with the ETag that was read, and is refused with an older one', async () => {
    const { id } = await create();
    const at = `/admin/projects/${id}`;
    const read = await gateway.admin('GET', at);
    const tag = read.headers.get('etag') ?? '';
    const first = await patch(at, { name: 'first' }, tag);

    expect(tag).toMatch(/^"1-/);
    expect([first.status, first.headers.get('etag')]).toEqual([200, expect.stringMatching(/^"2-/)]);
    const late = await patch(at, { name: 'late' }, tag);
    expect(late.status).toBe(412);
    await expect(late.json()).resolves.toMatchObject({ error: { code: 'stale_version' } });
    const answers = await Promise.all([
      patch(at, { name: 'any' }, '*'),
      patch('/admin/projects/nobody', { name: 'x' }, tag),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 404]);
    expect((await patch(at, { name: 'listed' }, '"1", "3"')).status).toBe(200);
  });

  it('of two at the same time loses none in silence', async () => {
    const { id } = await create();
    const at = `/admin/projects/${id}`;
    const answers = await Promise.all(['a', 'b', 'c'].map(name => patch(at, { name }, '"1"')));

    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  });

  it('of several at the same time without a version goes through, each', async () => {
    const { id } = await create();
    const at = `/admin/projects/${id}`;
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd', 'e', 'f'].map(name => gateway.admin<Project>('PATCH', at, { name })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(answers.map(({ body }) => body.version).toSorted()).toEqual([2, 3, 4, 5, 6, 7]);
    const { body } = await gateway.admin<{ data: unknown[] }>('GET', `/admin/audit?target=${id}`);
    expect(body.data).toHaveLength(7);
  });

  it('names every wrong field', async () => {
    const { body, status } = await gateway.admin<{ error: { message: string } }>(
      'PATCH',
      `/admin/projects/${gateway.projectId}`,
      { name: 7, strict: 'yes', requestsPerMinute: 0, allowedVendors: ['Open AI'], other: 1 },
    );

    expect(status).toBe(400);
    for (const field of ['name', 'strict', 'requestsPerMinute', 'allowedVendors', 'other']) {
      expect(body.error.message).toContain(field);
    }
  });
});
