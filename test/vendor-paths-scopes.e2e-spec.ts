import { Readable } from 'node:stream';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';
import { usageOf } from './support/usage.js';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

async function keyWith(limits: object): Promise<string> {
  const at = `/admin/projects/${gateway.projectId}/api-keys`;
  const { status, body } = await gateway.admin<{ key: string }>('POST', at, { name: 'narrow', ...limits });
  expect(status).toBe(201);
  return body.key;
}

/** Calls of a project of its own: settings are known within a second, not at once. */
async function projectWith(settings: object): Promise<TestGateway['call']> {
  const { body } = await gateway.admin<{ apiKey: string }>('POST', '/admin/projects', {
    name: 'limited',
    ...settings,
  });
  const authorization = `Bearer ${body.apiKey}`;
  return (path, init) =>
    gateway.call(path, { ...init, headers: { ...(init?.headers as object), authorization } });
}

async function ask(key: string, path: string, at = gateway): Promise<[number, string | undefined]> {
  const response = await fetch(at.url + path, {
    headers: { authorization: `Bearer ${key}`, 'anthropic-version': '2023-06-01' },
  });
  const body = (await response.json()) as { error?: { code?: string } };
  return [response.status, body.error?.code];
}

describe('a key for the paths of vendors', () => {
  it.each([
    ['endpoints', { allowedEndpoints: ['/openai/v1/files*'] }, '/openai/v1/files', '/openai/v1/batches'],
    ['vendors', { allowedVendors: ['openai'] }, '/openai/v1/files', '/google/v1beta/models'],
    [
      'all models of a vendor',
      { allowedModels: ['openai/*', 'gemini-*'] },
      '/openai/v1/files',
      '/google/v1beta/models',
    ],
  ])('limited to some %s opens nothing else', async (_, limits, open, closed) => {
    const key = await keyWith(limits);

    expect(await ask(key, open)).toEqual([200, undefined]);
    const [status] = await ask(key, closed);
    expect(status).toBe(403);
  });

  it('limited to some models opens none: what a path or a batch asks for is not known', async () => {
    const key = await keyWith({ allowedModels: ['openai/gpt-5*', 'gpt-4o'] });

    expect(await ask(key, '/openai/v1/files')).toEqual([403, 'outside_scope']);
  });

  it('cannot leave its endpoints by a detour', async () => {
    const key = await keyWith({ allowedEndpoints: ['/openai/v1/files*'] });

    expect(await ask(key, '/openai/v1/files/%252e%252e/batches')).toEqual([400, 'invalid_path']);
    expect(await ask(key, '/openai/v1/files%2f..%2fbatches')).toEqual([400, 'invalid_path']);
  });

  it('is counted, and recorded, also when it is refused', async () => {
    const call = await projectWith({ requestsPerMinute: 2 });
    const first = await call('/openai/v1/files');
    const second = await call('/openai/v1/files/none');
    const third = await call('/openai/v1/files');

    expect([first.status, second.status, third.status]).toEqual([200, 404, 429]);
    expect(first.headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(third.headers.get('retry-after')).not.toBeNull();
    await expect(usageOf(gateway, second.headers.get('x-request-id'))).resolves.toMatchObject({
      endpoint: '/{vendor}/*',
      provider: 'openai',
      outcome: 'failed',
      status: 404,
    });
  });
});

describe('the paths of vendors', () => {
  it('are open to nobody when the operator closes them', async () => {
    const closed = await startGateway({ AI_GATEWAY_VENDOR_PATHS: 'off' });
    try {
      expect(await ask(closed.projectKey, '/openai/v1/files', closed)).toEqual([403, 'vendor_paths_closed']);
    } finally {
      await closed.stop();
    }
  });

  it('are open to projects with a key of their own where the operator wants it so', async () => {
    const own = await startGateway({ AI_GATEWAY_VENDOR_PATHS: 'own-keys' });
    try {
      expect(await ask(own.projectKey, '/openai/v1/files', own)).toEqual([403, 'vendor_paths_closed']);
      await own.admin('POST', `/admin/projects/${own.projectId}/provider-keys`, {
        provider: 'openai',
        name: 'own',
        apiKey: 'own-key-of-the-project',
      });
      const eventual = await ask(own.projectKey, '/openai/v1/batches', own);

      expect(eventual).toEqual([200, undefined]);
      expect(own.simulator.requests().at(-1)?.headers.authorization).toBe('Bearer own-key-of-the-project');
    } finally {
      await own.stop();
    }
  });

  it('take no more than the limit, whether the caller says how much it sends or not', async () => {
    const small = await startGateway({ AI_GATEWAY_SERVER_UPLOAD_LIMIT_BYTES: '65536' });
    const post = (body: string | ReadableStream) =>
      small.call('/openai/v1/files', { method: 'POST', body, duplex: 'half' } as RequestInit);
    try {
      const told = await post('x'.repeat(70_000));
      const untold = await post(Readable.toWeb(Readable.from(['x'.repeat(70_000)])) as ReadableStream);

      expect([told.status, untold.status]).toEqual([413, 413]);
      expect(await untold.json()).toMatchObject({ error: { code: 'request_too_large' } });
    } finally {
      await small.stop();
    }
  });

  it('take no more than the project’s own limit', async () => {
    const call = await projectWith({ bodyLimitBytes: 2048 });
    const { status } = await call('/openai/v1/files', { method: 'POST', body: 'x'.repeat(3000) });

    expect(status).toBe(413);
  });

  it('take no larger file than the project’s limit, which says nothing of other bodies', async () => {
    const call = await projectWith({ fileLimitBytes: 1000 });
    const form = new FormData();
    form.append('purpose', 'batch');
    form.append('file', new Blob(['x'.repeat(6000)]), 'x.jsonl');
    const file = await call('/openai/v1/files', { method: 'POST', body: form });
    const headers = { 'content-type': 'application/json' };
    const json = await call('/openai/v1/files', { method: 'POST', headers, body: `"${'x'.repeat(6000)}"` });

    expect(file.status).toBe(413);
    expect(await file.text()).toContain('larger than 1000 bytes');
    expect(json.status).toBe(400); // of the vendor, which wants a form
  });

  it('do not open the gateway’s own', async () => {
    const response = await gateway.call('/admin/projects', {
      headers: { authorization: `Bearer ${ADMIN_KEY}` },
    });
    expect(response.status).toBe(200);
    expect((await ask(gateway.projectKey, '/v1/nothing'))[0]).toBe(404);
  });
});
