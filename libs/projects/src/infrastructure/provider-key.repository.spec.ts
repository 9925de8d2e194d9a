import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { StoredProviderKey } from '../domain/provider-key.entity.js';
import type { ProviderKeyRepository } from '../domain/provider-key.repository.js';
import { providerKeyRepository } from '../projects.module.js';

describe.each(await databases())('ProviderKeyRepository on %s', (_, open) => {
  let database: Database;
  let keys: ProviderKeyRepository;

  beforeEach(async () => {
    database = await open();
    keys = await providerKeyRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('gives back exactly what was stored, the envelope only where it is needed', async () => {
    const key = aKey();
    const { envelope: _envelope, ...shown } = key;
    await keys.insert(key);

    await expect(keys.findSealed('project')).resolves.toEqual([key]);
    await expect(keys.list('project', 10)).resolves.toEqual([shown]);
  });

  it('lists the envelopes of all projects, and replaces one that did not change meanwhile', async () => {
    for (const [id, projectId] of [
      ['b', 'project'],
      ['c', 'other'],
      ['a', 'project'],
    ]) {
      await keys.insert(aKey({ id, projectId, envelope: `envelope ${id}` }));
    }

    await expect(keys.listSealed(2)).resolves.toEqual([
      { id: 'a', projectId: 'project', envelope: 'envelope a' },
      { id: 'b', projectId: 'project', envelope: 'envelope b' },
    ]);
    await expect(keys.replaceEnvelope('c', 'envelope c', 'new')).resolves.toBe(true);
    await expect(keys.replaceEnvelope('c', 'envelope c', 'newer')).resolves.toBe(false);
    await expect(keys.replaceEnvelope('nobody', 'envelope c', 'newer')).resolves.toBe(false);
    await expect(keys.listSealed(2, 'b')).resolves.toEqual([
      { id: 'c', projectId: 'other', envelope: 'new' },
    ]);
  });

  it('lists by id behind the given one, and gives sealed ones latest first', async () => {
    for (const id of ['b', 'c', 'a']) {
      await keys.insert(aKey({ id }));
    }
    await keys.insert(aKey({ id: 'x', projectId: 'other' }));

    await expect(keys.list('project', 2)).resolves.toMatchObject([{ id: 'a' }, { id: 'b' }]);
    await expect(keys.list('project', 2, 'b')).resolves.toMatchObject([{ id: 'c' }]);
    await expect(keys.findSealed('project')).resolves.toMatchObject([{ id: 'c' }, { id: 'b' }, { id: 'a' }]);
  });

  it('deletes the version that is there only', async () => {
    const key = aKey();
    await keys.insert(key);
    await keys.update(key, { name: 'new' });

    await expect(keys.delete(key)).resolves.toBe(false);
    await expect(keys.findSealed('project')).resolves.toHaveLength(1);
    await expect(keys.delete({ ...key, version: 2 })).resolves.toBe(true);
    await expect(keys.delete({ ...key, version: 2 })).resolves.toBe(false);
    await expect(keys.findSealed('project')).resolves.toEqual([]);
  });

  it('changes what is given, of the version that is there only', async () => {
    const key = aKey();
    await keys.insert(key);

    await expect(keys.update(key, { name: 'new', status: 'inactive', weight: 7 })).resolves.toBe(true);
    await expect(keys.update(key, { name: 'late', isDefault: true })).resolves.toBe(false);
    await expect(keys.findById('project', key.id)).resolves.toEqual({
      ...key,
      name: 'new',
      status: 'inactive',
      weight: 7,
      version: 2,
    });
    await expect(keys.findById('other', key.id)).resolves.toBeNull();
  });

  it('has one default for each project and vendor', async () => {
    const other = aKey({ projectId: 'other', isDefault: true });
    const google = aKey({ provider: 'google', isDefault: true });
    const [first, second] = [aKey({ isDefault: true }), aKey({ isDefault: true })];
    for (const key of [other, google, first, second]) {
      await keys.insert(key);
    }
    const defaults = async (): Promise<string[]> =>
      (await keys.findSealed('project')).filter(({ isDefault }) => isDefault).map(({ id }) => id);

    expect((await defaults()).toSorted()).toEqual([google.id, second.id].toSorted());
    await expect(keys.update(first, { isDefault: true })).resolves.toBe(false); // the second took it: a change
    await keys.update({ ...first, version: 2 }, { isDefault: true });
    expect((await defaults()).toSorted()).toEqual([google.id, first.id].toSorted());
    await expect(keys.findById('project', second.id)).resolves.toMatchObject({ version: 2 });
    await keys.update({ ...first, version: 3 }, { isDefault: false });
    expect(await defaults()).toEqual([google.id]);
    await expect(keys.findById('other', other.id)).resolves.toMatchObject({ isDefault: true });
  });

  it('deletes the keys of one project', async () => {
    await keys.insert(aKey());
    await keys.insert(aKey({ projectId: 'other' }));

    await keys.deleteOf('project');

    await expect(keys.list('project', 10)).resolves.toEqual([]);
    await expect(keys.list('other', 10)).resolves.toHaveLength(1);
  });
});

function aKey(fields: Partial<StoredProviderKey> = {}): StoredProviderKey {
  return {
    id: randomUUID(),
    projectId: 'project',
    provider: 'openai',
    name: 'a key',
    masked: '…9a2e',
    isDefault: false,
    weight: 0,
    status: 'active',
    version: 1,
    envelope: `v1.0a1b2c3d.${'x'.repeat(2000)}`,
    createdAt: '2026-11-24T10:20:30.456Z',
    ...fields,
  };
}
