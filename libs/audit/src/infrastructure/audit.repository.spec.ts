import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { auditRepository } from '../audit.module.js';
import type { AuditEntry } from '../domain/audit-entry.entity.js';
import type { AuditFilter, AuditRepository } from '../domain/audit.repository.js';

describe.each(await databases())('AuditRepository on %s', (_, open) => {
  let database: Database;
  let entries: AuditRepository;

  beforeEach(async () => {
    database = await open();
    entries = await auditRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  const ids = async (filter: AuditFilter, limit = 10, after?: string): Promise<string[]> =>
    (await entries.list(filter, limit, after)).map(({ id }) => id);

  it('gives back exactly what was stored', async () => {
    const full = anEntry('a');
    const bare = anEntry('b', {
      actorKey: null,
      address: null,
      projectId: null,
      before: null,
      after: null,
    });
    await entries.insert(full);
    await entries.insert(bare);

    await expect(entries.list({}, 10)).resolves.toEqual([bare, full]);
  });

  it('lists the latest first, before the given one', async () => {
    for (const id of ['b', 'd', 'a', 'c']) {
      await entries.insert(anEntry(id));
    }

    await expect(ids({}, 3)).resolves.toEqual(['d', 'c', 'b']);
    await expect(ids({}, 3, 'b')).resolves.toEqual(['a']);
  });

  it('filters by who, what and when', async () => {
    await entries.insert(anEntry('a', { actorId: 'ada', at: '2026-11-24T00:00:00.000Z' }));
    await entries.insert(anEntry('b', { targetId: 'other', at: '2026-11-25T00:00:00.000Z' }));
    await entries.insert(anEntry('c', { action: 'project.create', at: '2026-11-26T00:00:00.000Z' }));
    const [first, second] = [Date.UTC(2026, 10, 24), Date.UTC(2026, 10, 25)];

    await expect(ids({ actor: 'ada' })).resolves.toEqual(['a']);
    await expect(ids({ target: 'other' })).resolves.toEqual(['b']);
    await expect(ids({ action: 'project.create' })).resolves.toEqual(['c']);
    await expect(ids({ from: second })).resolves.toEqual(['c', 'b']);
    await expect(ids({ to: second })).resolves.toEqual(['a']);
    await expect(ids({ from: first, to: first })).resolves.toEqual([]);
    await expect(ids({ actor: 'ada', target: 'other' })).resolves.toEqual([]);
  });

  it('filters by project and by the noun of the action', async () => {
    await entries.insert(anEntry('a', { projectId: 'p', action: 'project.update' }));
    await entries.insert(anEntry('b', { projectId: 'p', action: 'project-x.update' }));
    await entries.insert(anEntry('c', { projectId: 'q', action: 'api-key.create' }));
    await entries.insert(anEntry('d', { projectId: null, action: 'user.create' }));

    await expect(ids({ project: 'p' })).resolves.toEqual(['b', 'a']);
    await expect(ids({ project: 'p' }, 1)).resolves.toEqual(['b']);
    await expect(ids({ project: 'p' }, 1, 'b')).resolves.toEqual(['a']);
    await expect(ids({ targetType: 'project' })).resolves.toEqual(['a']);
    await expect(ids({ targetType: 'api-key' })).resolves.toEqual(['c']);
    await expect(ids({ targetType: 'key' })).resolves.toEqual([]);
    await expect(ids({ targetType: 'project', action: 'project.update' })).resolves.toEqual(['a']);
    await expect(ids({ targetType: 'user', action: 'project.update' })).resolves.toEqual([]);
  });

  it('looks for a text in the action, the target and the name, whatever its case, and takes no sign for a pattern', async () => {
    await entries.insert(anEntry('a', { actorName: 'Ünal 100%', action: 'x.y', targetId: 't' }));
    await entries.insert(anEntry('b', { actorName: 'n', action: 'Api-Key.create', targetId: 't' }));
    await entries.insert(anEntry('c', { actorName: 'n', action: 'x.y', targetId: 'Shop_1!\\(' }));

    await expect(ids({ text: 'ÜNAL' })).resolves.toEqual(['a']);
    await expect(ids({ text: 'ünal' })).resolves.toEqual(['a']);
    await expect(ids({ text: 'I-KEY.C' })).resolves.toEqual(['b']);
    await expect(ids({ text: 'sHOP' })).resolves.toEqual(['c']);
    await expect(ids({ text: 'sHOP', action: 'z' })).resolves.toEqual([]);
    await expect(ids({ text: '0%' })).resolves.toEqual(['a']);
    for (const text of ['_1', '1!', '!\\', '\\(', '(']) {
      await expect(ids({ text })).resolves.toEqual(['c']);
    }
    for (const text of ['%a', 'n_', 'x_y', '.*', '^x', '%']) {
      await expect(ids({ text })).resolves.toEqual(text === '%' ? ['a'] : []);
    }
  });

  it('notes that a change was made', async () => {
    await entries.insert(anEntry('a'));
    await entries.insert(anEntry('b'));

    await entries.confirm('a');
    await entries.confirm('nobody');

    await expect(entries.list({}, 10)).resolves.toEqual([anEntry('b'), anEntry('a', { outcome: 'made' })]);
  });

  it('takes an entry back', async () => {
    await entries.insert(anEntry('a'));
    await entries.insert(anEntry('b'));

    await entries.delete('a');
    await entries.delete('nobody');

    await expect(ids({})).resolves.toEqual(['b']);
  });
});

function anEntry(id: string, fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    id,
    at: '2026-11-24T10:20:30.456Z',
    actorId: 'actor',
    actorName: 'Füße "quoted"',
    actorKey: 'ak_1f0c…9a2e',
    address: '2001:db8::1',
    action: 'project.update',
    targetId: 'target',
    projectId: 'project',
    before: { name: 'old', list: ['a'], nothing: null },
    after: { name: 'new' },
    outcome: 'unknown',
    requestId: 'request',
    ...fields,
  };
}
