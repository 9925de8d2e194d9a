import { DATABASE, type Database, StoreUnavailableError } from '@app/shared';
import { sql } from 'kysely';
import type { AuditEntry } from '../libs/audit/src/domain/audit-entry.entity.js';
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

async function actions(query: string): Promise<string[]> {
  return (await audit(query)).data.map(({ action }) => action);
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

  it('is asked by project, by the kind of what was changed and by a text', async () => {
    const at = `/admin/projects/${gateway.projectId}`;
    await gateway.admin('POST', `${at}/api-keys`, { name: 'k' });
    await gateway.admin('POST', '/admin/users', { name: 'Ünal', role: 'viewer' });
    const user = await gateway.admin<{ key: string }>('POST', '/admin/users', { name: 'Ada', role: 'admin' });
    await gateway.admin('PATCH', at, { name: 'by Ada' }, user.body.key);

    expect(await actions(`project=${gateway.projectId}&limit=2`)).toEqual([
      'project.update',
      'api-key.create',
    ]);
    expect(await actions('project=nobody')).toEqual([]);
    expect(await actions('targetType=user')).toEqual(['user.create', 'user.create']);
    expect(await actions('text=aDA')).toEqual(['project.update']);
    expect(await actions('text=USER.')).toEqual(['user.create', 'user.create']);
    expect(await actions(`text=${gateway.projectId.slice(5).toUpperCase()}&targetType=project`)).toEqual([
      'project.update',
      'project.create',
    ]);
    const refused = await gateway.admin<{ error: { param: string } }>(
      'GET',
      '/admin/audit?targetType=user.%25',
    );
    expect([refused.status, refused.body.error.param]).toEqual([400, 'targetType']);
  });

  it('is exported as lines of JSON or as CSV, whole and filtered', async () => {
    const entries = gateway.app.get(AuditRepository);
    const [entry] = (await audit('action=project.create')).data;
    const ids = Array.from({ length: 1001 }, (_, at) => `0-${String(at).padStart(4, '0')}`);
    for (const id of ids) {
      const told = { ...(entry as unknown as AuditEntry), id, action: 'export.test', actorName: '=cmd|calc' };
      await entries.insert(told);
    }
    const exported = (query: string): Promise<Response> =>
      fetch(`${gateway.url}/admin/audit/export?${query}`, { headers: gateway.adminHeaders });
    const all = await exported('targetType=export');
    const lines = (await all.text()).trim().split('\n');

    expect(all.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
    expect(all.headers.get('content-disposition')).toBe('attachment; filename="audit.jsonl"');
    expect(lines.map(line => (JSON.parse(line) as Entry).id)).toEqual(ids.toReversed());
    const one = await (await exported('format=jsonl&action=project.create')).text();
    expect(JSON.parse(one.trim())).toEqual(entry);

    const csv = await exported('format=csv&text=EXPORT.');
    const [head = '', first = '', ...rest] = (await csv.text()).trim().split('\r\n');
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(csv.headers.get('content-disposition')).toBe('attachment; filename="audit.csv"');
    expect(head.split(',').toSorted()).toEqual(Object.keys(entry ?? {}).toSorted());
    expect(first).toContain("'=cmd|calc");
    expect(rest).toHaveLength(ids.length - 1);
  });

  it('is exported to no project key, and names what it does not know', async () => {
    const at = '/admin/audit/export';
    expect((await gateway.call(at)).status).toBe(403);
    for (const [query, param] of [
      ['format=xml', 'format'],
      ['limit=5', 'limit'],
    ]) {
      const { status, body } = await gateway.admin<{ error: { param: string } }>('GET', `${at}?${query}`);
      expect([status, body.error.param]).toEqual([400, param]);
    }
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
