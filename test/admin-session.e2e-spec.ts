import { eventually } from './support/eventually.js';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';

const ENCRYPTION = { AI_GATEWAY_SECURITY_ENCRYPTION_KEY: Buffer.alloc(32, '0123456789').toString('base64') };
const SAME_ORIGIN = { 'sec-fetch-site': 'same-origin' };
const PROJECT = JSON.stringify({ name: 'from a page' });

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(ENCRYPTION);
});
afterAll(() => gateway?.stop());

type Headers = Readonly<Record<string, string>>;

function logIn(key: string, headers: Headers = {}, at = gateway): Promise<Response> {
  return fetch(`${at.url}/admin/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ key }),
  });
}

async function session(key: string = ADMIN_KEY, at = gateway): Promise<string> {
  const [cookie = ''] = (await logIn(key, {}, at)).headers.getSetCookie();
  return cookie.split(';')[0] ?? '';
}

async function as(
  cookie: string,
  method: string,
  path: string,
  headers: Headers = {},
): Promise<{ status: number; code: unknown; body: Record<string, unknown> | null }> {
  const response = await fetch(gateway.url + path, {
    method,
    headers: { cookie, 'content-type': 'application/json', ...headers },
    ...(method === 'POST' && { body: PROJECT }),
  });
  const text = await response.text();
  const body = text === '' ? null : (JSON.parse(text) as Record<string, unknown>);
  return { status: response.status, code: (body?.['error'] as { code?: string } | undefined)?.code, body };
}

async function user(role: string): Promise<{ id: string; key: string }> {
  const { body } = await gateway.admin<{ id: string; key: string }>('POST', '/admin/users', {
    name: role,
    role,
  });
  return body;
}

describe('a session', () => {
  it('opens the management API by a cookie that no script sees', async () => {
    const answer = await logIn(ADMIN_KEY);
    const [cookie = ''] = answer.headers.getSetCookie();
    const me = { id: 'configured', name: 'AI_GATEWAY_ADMIN_KEY', role: 'owner', key: expect.any(String) };
    const [pair = '', ...attributes] = cookie.split('; ');

    expect(answer.status).toBe(201);
    await expect(answer.json()).resolves.toEqual(me);
    expect(attributes).toEqual(['Max-Age=43200', 'Path=/', 'HttpOnly', 'SameSite=Strict']);
    expect(cookie).not.toContain(ADMIN_KEY.slice(3));
    await expect(as(`theme=dark; ${pair}`, 'GET', '/admin/session')).resolves.toMatchObject({
      status: 200,
      body: me,
    });
    expect((await as(pair, 'GET', '/admin/usage')).status).toBe(200);
    expect((await as(pair, 'GET', '/v1/models')).status).toBe(401);
  });

  it('changes something for pages of the gateway alone', async () => {
    const cookie = await session();
    const { host } = new URL(gateway.url);
    const foreign: Headers[] = [
      {},
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' },
    ];
    for (const headers of foreign) {
      const answer = await as(cookie, 'POST', '/admin/projects', headers);
      expect([headers, answer.status, answer.code]).toEqual([headers, 403, 'cross_origin']);
    }
    for (const headers of [SAME_ORIGIN, { origin: gateway.url }]) {
      expect((await as(cookie, 'POST', '/admin/projects', headers)).status).toBe(201);
    }
    const { body } = await gateway.admin<{ data: { name: string }[] }>('GET', '/admin/projects?limit=100');
    expect(body.data.filter(({ name }) => name === 'from a page')).toHaveLength(2);
  });

  it('goes behind a key that is presented, too', async () => {
    const cookie = await session();
    const viewer = await user('viewer');
    const headers = { ...SAME_ORIGIN, authorization: `Bearer ${viewer.key}` };
    const wrong = { ...SAME_ORIGIN, authorization: 'Bearer ak_wrong' };

    expect((await as(cookie, 'POST', '/admin/projects', headers)).code).toBe('role_required');
    expect((await as(cookie, 'GET', '/admin/projects', wrong)).code).toBe('invalid_api_key');
  });

  it('may do what the role may, and every role may log out', async () => {
    const { key } = await user('viewer');
    const cookie = await session(key);

    expect((await as(cookie, 'GET', '/admin/usage')).status).toBe(200);
    expect((await as(cookie, 'POST', '/admin/projects', SAME_ORIGIN)).code).toBe('role_required');
    expect((await as(cookie, 'GET', '/admin/users')).code).toBe('role_required');
    const out = await fetch(`${gateway.url}/admin/session`, {
      method: 'DELETE',
      headers: { cookie, ...SAME_ORIGIN },
    });
    expect(out.status).toBe(204);
    expect(out.headers.getSetCookie()).toEqual([
      'llmhub-session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict',
    ]);
  });

  it('leaves its beginning and its end in the audit trail', async () => {
    const { id, key } = await user('admin');
    const cookie = await session(key);
    await as(cookie, 'DELETE', '/admin/session', SAME_ORIGIN);
    const { body } = await gateway.admin<{ data: { action: string; actorId: string }[] }>(
      'GET',
      `/admin/audit?actor=${id}`,
    );

    expect(body.data.map(({ action }) => action)).toEqual(['session.delete', 'session.create']);
  });

  it('ends when its key is another', async () => {
    const { id, key } = await user('admin');
    const cookie = await session(key);
    expect((await as(cookie, 'GET', '/admin/projects')).status).toBe(200);
    await gateway.admin('POST', `/admin/users/${id}/rotate`);

    await eventually(async () =>
      expect(await as(cookie, 'GET', '/admin/projects')).toMatchObject({ status: 401, code: 'session_over' }),
    );
  });

  it('holds at every gateway with the same keys, and at no other', async () => {
    const others = await Promise.all([
      startGateway(ENCRYPTION),
      startGateway(),
      startGateway({ ...ENCRYPTION, AI_GATEWAY_ADMIN_KEY: `${ADMIN_KEY}-changed` }),
    ]);
    const cookie = await session();
    const statuses = await Promise.all(
      others.map(async ({ url }) => (await fetch(`${url}/admin/session`, { headers: { cookie } })).status),
    );
    await Promise.all(others.map(each => each.stop()));

    expect(statuses).toEqual([200, 401, 401]);
  });
});

describe('a log-in', () => {
  it.each([
    ['a wrong key', 'ak_wrong', {}, '401 invalid_api_key'],
    ['an ephemeral key', 'ek_v1.x', {}, '401 session_key_only'],
    ['a page of another site', ADMIN_KEY, { origin: 'https://evil.example' }, '403 cross_origin'],
    ['a form', ADMIN_KEY, { 'content-type': 'text/plain' }, '415 unsupported_media_type'],
    ['a body without end', 'x'.repeat(40_000), {}, '413 request_too_large'],
  ])('is refused to %s', async (_, key, headers, expected) => {
    const answer = await logIn(key, headers as Headers);
    const { error } = (await answer.json()) as { error: { code: string } };

    expect(answer.headers.getSetCookie()).toEqual([]);
    expect(`${answer.status} ${error.code}`).toBe(expected);
  });

  it('is refused to the key of a project', async () => {
    const answer = await logIn(gateway.projectKey);

    expect(answer.status).toBe(403);
    await expect(answer.json()).resolves.toMatchObject({ error: { code: 'admin_key_required' } });
  });

  it('is slowed down for who guesses, on this road and the others alike', async () => {
    const guessed = await startGateway();
    const { key } = (
      await guessed.admin<{ key: string }>('POST', '/admin/users', { name: 'unseen', role: 'admin' })
    ).body;
    const statuses: number[] = [];
    for (let n = 0; n < 21; n += 1) {
      statuses.push((await logIn('ak_wrong', {}, guessed)).status);
    }
    const right = await logIn(key, {}, guessed);
    const road = await guessed.admin('GET', '/admin/projects', undefined, key);
    await guessed.stop();

    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 401), 429]);
    expect([right.status, road.status]).toEqual([429, 429]);
  });
});
