import { eventually } from './support/eventually.js';
import { startGateway, type TestGateway } from './support/gateway.js';

interface User {
  readonly id: string;
  readonly key: string;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

async function user(role: string, name: string = role): Promise<User> {
  return (await gateway.admin<User>('POST', '/admin/users', { name, role })).body;
}

async function status(key: string, method: string, path: string, body?: object): Promise<number> {
  return (await gateway.admin(method, path, body, key)).status;
}

describe('a user of the management API', () => {
  it.each([
    ['viewer', 200, 403, 403],
    ['admin', 200, 201, 403],
    ['owner', 200, 201, 200],
  ])('with the role %s may do what that role may', async (role, look, change, users) => {
    const { key } = await user(role);
    const projectAt = `/admin/projects/${gateway.projectId}`;

    expect(key).toMatch(/^ak_[0-9a-f]{48}$/);
    for (const path of [
      '/admin/projects',
      projectAt,
      `${projectAt}/api-keys`,
      '/admin/usage',
      '/admin/audit',
      '/admin/budgets',
      '/admin/routing/targets',
    ]) {
      expect([path, await status(key, 'GET', path)]).toEqual([path, look]);
    }
    expect(await status(key, 'POST', '/admin/projects', { name: 'x' })).toBe(change);
    expect(await status(key, 'PATCH', projectAt, { name: 'test' })).toBe(change === 201 ? 200 : change);
    expect(await status(key, 'GET', '/admin/users')).toBe(users);
  });

  it('is told which role is needed', async () => {
    const { key } = await user('viewer');
    const { body } = await gateway.admin('POST', '/admin/projects', { name: 'x' }, key);
    const ofUsers = await gateway.admin('GET', '/admin/users', undefined, key);

    expect(body).toMatchObject({
      error: { code: 'role_required', message: expect.stringContaining("needs the role 'admin'") },
    });
    expect(ofUsers.body).toMatchObject({
      error: { message: expect.stringContaining("needs the role 'owner'") },
    });
  });

  it('is listed and shown without the key', async () => {
    const { id, key } = await user('admin', 'Grace');
    const list = await gateway.admin<{ data: { id: string }[] }>('GET', '/admin/users?limit=100');
    const shown = await gateway.admin('GET', `/admin/users/${id}`);

    expect(shown).toMatchObject({ status: 200, body: { id, name: 'Grace', role: 'admin', version: 1 } });
    expect(shown.headers.get('etag')).toMatch(/^"1-/);
    expect(list.body.data).toContainEqual(shown.body);
    expect(JSON.stringify([list.body, shown.body])).not.toContain(key.slice(8, -8));
  });

  it('gets another role, and another key', async () => {
    const { id, key } = await user('viewer');
    await gateway.admin('GET', '/admin/projects', undefined, key);
    await gateway.admin('PATCH', `/admin/users/${id}`, { role: 'admin' });
    await eventually(async () =>
      expect(await status(key, 'POST', '/admin/projects', { name: 'x' })).toBe(201),
    );
    const rotated = await gateway.admin<User>('POST', `/admin/users/${id}/rotate`);

    expect(rotated).toMatchObject({ status: 201, body: { id, role: 'admin' } });
    expect(await status(rotated.body.key, 'GET', '/admin/projects')).toBe(200);
    await eventually(async () => expect(await status(key, 'GET', '/admin/projects')).toBe(401), 2000);
  });

  it('is out within a second when the key is revoked, for good', async () => {
    const { id, key } = await user('owner');
    await user('owner', 'stays');
    expect(await status(key, 'GET', '/admin/projects')).toBe(200);
    expect(await status(key, 'DELETE', `/admin/users/${id}`)).toBe(204);

    await eventually(async () => expect(await status(key, 'GET', '/admin/projects')).toBe(401), 2000);
    expect((await gateway.admin('POST', `/admin/users/${id}/rotate`)).status).toBe(409);
    expect((await gateway.admin('GET', `/admin/users/${id}`)).body).toMatchObject({
      revokedAt: expect.any(String),
    });
  });
});

describe('the last owner', () => {
  it('can be neither removed nor demoted, not even by two owners at once', async () => {
    const alone = await startGateway();
    try {
      const create = async (): Promise<string> =>
        (await alone.admin<User>('POST', '/admin/users', { name: 'o', role: 'owner' })).body.id;
      const first = await create();
      const at = `/admin/users/${first}`;
      await expect(alone.admin('DELETE', at)).resolves.toMatchObject({
        status: 409,
        body: { error: { code: 'last_owner' } },
      });
      expect((await alone.admin('PATCH', at, { role: 'admin' })).status).toBe(409);
      expect((await alone.admin('PATCH', at, { name: 'still an owner' })).status).toBe(200);

      const second = await create();
      const both = await Promise.all([
        alone.admin('DELETE', at),
        alone.admin('PATCH', `/admin/users/${second}`, { role: 'viewer' }),
      ]);
      expect(both.filter(answer => answer.status === 409)).toHaveLength(1);
      const audit = await alone.admin<{ data: unknown[] }>('GET', '/admin/audit?action=user.revoke');
      const demoted = await alone.admin<{ data: unknown[] }>('GET', `/admin/audit?target=${second}`);
      expect(audit.body.data.length + demoted.body.data.length).toBe(2); // one change, and the creation
    } finally {
      await alone.stop();
    }
  });
});
