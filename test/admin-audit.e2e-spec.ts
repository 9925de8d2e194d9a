import { DATABASE, type Database, StoreUnavailableError } from '@app/shared';
import { sql } from 'kysely';
import { AuditRepository } from '../libs/audit/src/domain/audit.repository.js';
import { auditSchema } from '../libs/audit/src/infrastructure/audit.schema.js';
import { ProjectRepository } from '../libs/projects/src/domain/project.repository.js';
import { ADMIN_KEY, startGateway, type TestGateway } from './support/gateway.js';

interface Entry {
  readonly id: string;
  readonly action: string;
  readonly at: string;
  readonly targetId: string;
  readonly outcome: string;
  readonly requestId: string;
}

interface Page {
  readonly data: Entry[];
  readonly next: string | null;
}

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startGateway();
});
afterEach(() => gateway?.stop());

async function audit(query = ''): Promise<Page> {
  return (await gateway.admin<Page>('GET', `/admin/audit?${query}`)).body;
}

/** As the store has them. */
async function storedEntries(): Promise<object[]> {
  const database = gateway.app.get<Database>(DATABASE);
  return database.kind === 'mongo'
    ? (await database.model(auditSchema)).find().lean<object[]>()
    : (await sql<object>`select * from audit`.execute(database.sql)).rows;
}

describe('the audit trail', () => {
  it('tells who changed what, before and after, with the id of the request', async () => {
    const { body } = await gateway.admin<{ id: string; key: string }>('POST', '/admin/users', {
      name: 'Ada',
      role: 'admin',
    });
    const at = `/admin/projects/${gateway.projectId}`;
    const changed = await gateway.admin('PATCH', at, { name: 'new', strict: true }, body.key);

    expect((await audit(`actor=${body.id}`)).data).toEqual([
      {
        id: expect.any(String),
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        actorId: body.id,
        actorName: 'Ada',
        actorKey: `${body.key.slice(0, 7)}…${body.key.slice(-4)}`,
        address: expect.stringContaining('127.0.0.1'),
        action: 'project.update',
        targetId: gateway.projectId,
        projectId: gateway.projectId,
        before: { name: 'test', strict: false },
        after: { name: 'new', strict: true },
        outcome: 'made',
        requestId: changed.headers.get('x-request-id'),
      },
    ]);
  });

  it('has an entry for every change, and no secret', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    const key = await gateway.admin<{ id: string; key: string }>('POST', `${at}/api-keys`, { name: 'k' });
    const keyAt = `${at}/api-keys/${key.body.id}`;
    await gateway.admin('PATCH', keyAt, { name: 'other' });
    const rotated = await gateway.admin<{ key: string }>('POST', `${keyAt}/rotate`, { overlapSeconds: 5 });
    await gateway.admin('DELETE', keyAt);
    const secret = 'sk-live-0123456789abcdef';
    const vendorKey = await gateway.admin<{ id: string }>('POST', `${at}/provider-keys`, {
      provider: 'openai',
      name: 'v',
      apiKey: secret,
    });
    const vendorKeyAt = `${at}/provider-keys/${vendorKey.body.id}`;
    await gateway.admin('PATCH', vendorKeyAt, { name: 'w' });
    await gateway.admin('POST', `${vendorKeyAt}/deactivate`);
    await gateway.admin('POST', `${vendorKeyAt}/activate`);
    await gateway.admin('DELETE', vendorKeyAt);
    await gateway.admin('POST', `${at}/suspend`);
    await gateway.admin('POST', `${at}/activate`);
    await gateway.admin('DELETE', at);
    await gateway.admin('POST', `${at}/restore`);
    const user = await gateway.admin<{ id: string; key: string }>('POST', '/admin/users', {
      name: 'u',
      role: 'viewer',
    });
    await gateway.admin('PATCH', `/admin/users/${user.body.id}`, { role: 'admin' });
    const again = await gateway.admin<{ key: string }>('POST', `/admin/users/${user.body.id}/rotate`);
    await gateway.admin('DELETE', `/admin/users/${user.body.id}`);

    const { data } = await audit('actor=configured&limit=100');
    expect(data.map(({ action }) => action).toReversed()).toEqual([
      'project.create',
      'api-key.create',
      'api-key.create',
      'api-key.update',
      'api-key.rotate',
      'api-key.create',
      'api-key.revoke',
      'provider-key.create',
      'provider-key.update',
      'provider-key.deactivate',
      'provider-key.activate',
      'provider-key.delete',
      'project.suspend',
      'project.activate',
      'project.delete',
      'project.restore',
      'user.create',
      'user.update',
      'user.rotate',
      'user.revoke',
    ]);
    const stored = JSON.stringify([data, await storedEntries()]);
    for (const told of [key.body.key, rotated.body.key, secret, user.body.key, again.body.key, ADMIN_KEY]) {
      expect(stored).not.toContain(told.slice(5, -5));
    }
    expect(stored).not.toMatch(/envelope|v1\.|"hash"/);
  });

  it('says nothing of what changed nothing, failed or was only read', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    const before = (await audit()).data.length;
    await gateway.admin('PATCH', at, {});
    await gateway.admin('PATCH', at, { name: 'test' });
    await gateway.admin('POST', `${at}/activate`);
    await gateway.admin('PATCH', at, { name: 7 });
    await gateway.admin('PATCH', '/admin/projects/nobody', { name: 'x' });
    await gateway.admin('GET', at);

    expect((await audit()).data).toHaveLength(before);
  });

  it('is asked by target, action and time, page by page, latest first', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    const start = new Date().toISOString();
    for (const name of ['a', 'b', 'c']) {
      await gateway.admin('PATCH', at, { name });
    }
    const target = `target=${gateway.projectId}`;
    const updates = await audit(`${target}&action=project.update`);
    const first = await audit(`${target}&limit=2`);
    const second = await audit(`${target}&limit=2&after=${first.next}`);

    expect(updates.data).toHaveLength(3);
    expect([...first.data, ...second.data].map(({ action }) => action)).toEqual([
      ...Array.from({ length: 3 }, () => 'project.update'),
      'project.create',
    ]);
    expect(second.next).toBeNull();
    expect((await audit(`from=${start}`)).data).toHaveLength(3);
    expect((await audit(`to=${start}`)).data.map(({ action }) => action)).toContain('project.create');
    expect((await audit('from=2999-01-01')).data).toEqual([]);
    expect((await audit('actor=nobody')).data).toEqual([]);
  });

  it('keeps the entry of a change that timed out here and was made there', async () => {
    const projects = gateway.app.get(ProjectRepository);
    const update = projects.update.bind(projects);
    projects.update = async (...change) => {
      await update(...change);
      throw new StoreUnavailableError();
    };
    const at = `/admin/projects/${gateway.projectId}`;
    const { status } = await gateway.admin('PATCH', at, { name: 'late' });

    expect(status).toBe(503);
    expect((await gateway.admin('GET', at)).body).toMatchObject({ name: 'late', version: 2 });
    const { data } = await audit(`target=${gateway.projectId}`);
    expect(data.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['project.update', 'unknown'],
      ['project.create', 'made'],
    ]);
  });

  it('rules: a change whose entry cannot be written is not made', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    gateway.app.get(AuditRepository).insert = () => Promise.reject(new Error('The disk is full.'));
    const changes = await Promise.all([
      gateway.admin('PATCH', at, { name: 'untold' }),
      gateway.admin('DELETE', at),
      gateway.admin('POST', `${at}/api-keys`, { name: 'untold' }),
      gateway.admin('POST', '/admin/users', { name: 'untold', role: 'owner' }),
      gateway.admin('POST', `${at}/provider-keys`, { provider: 'openai', name: 'untold', apiKey: 'sk-1' }),
    ]);

    expect(changes.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503]);
    expect((await gateway.admin('GET', at)).body).toMatchObject({ name: 'test', deletesAt: null });
    const lists = await Promise.all([
      gateway.admin<Page>('GET', `${at}/api-keys`),
      gateway.admin<Page>('GET', '/admin/users'),
      gateway.admin<Page>('GET', `${at}/provider-keys`),
    ]);
    expect(JSON.stringify(lists)).not.toContain('untold');
  });
});
