import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { AdminKeyRepository } from '../domain/admin-key.repository.js';
import type { AdminUser } from '../domain/admin-user.entity.js';
import { adminKeyRepository } from '../projects.module.js';

const REVOKED_AT = '2026-11-25T00:00:00.001Z';

describe.each(databases())('AdminKeyRepository on %s', (_, open) => {
  let database: Database;
  let users: AdminKeyRepository;

  beforeEach(async () => {
    database = await open();
    users = await adminKeyRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('knows whether there is any user, and finds one by id and by the hash of the key', async () => {
    const user = aUser({ role: 'viewer', revokedAt: REVOKED_AT });
    await expect(users.hasAny()).resolves.toBe(false);

    await users.insert(user, 'hash-1');

    await expect(users.hasAny()).resolves.toBe(true);
    await expect(users.findByHash('hash-1')).resolves.toEqual(user);
    await expect(users.findByHash('hash-2')).resolves.toBeNull();
    await expect(users.findById(user.id)).resolves.toEqual(user);
    await expect(users.findById('nobody')).resolves.toBeNull();
  });

  it('lists by id, behind the given one', async () => {
    for (const id of ['b', 'c', 'a']) {
      await users.insert(aUser({ id }), `hash-${id}`);
    }

    await expect(users.list(2)).resolves.toMatchObject([{ id: 'a' }, { id: 'b' }]);
    await expect(users.list(2, 'b')).resolves.toMatchObject([{ id: 'c' }]);
  });

  it('changes what is given, of the version that is there only', async () => {
    const user = aUser({ role: 'admin' });
    await users.insert(user, 'hash-1');

    await expect(users.update(user.id, 1, { name: 'new', hash: 'hash-2', masked: 'ak_2' })).resolves.toBe(
      true,
    );
    await expect(users.update(user.id, 1, { name: 'late' })).resolves.toBe(false);
    await expect(users.update('nobody', 1, { name: 'x' })).resolves.toBe(false);
    await expect(users.findByHash('hash-1')).resolves.toBeNull();
    await expect(users.findByHash('hash-2')).resolves.toEqual({
      ...user,
      name: 'new',
      masked: 'ak_2',
      version: 2,
    });
  });

  it('leaves at least one owner with a key', async () => {
    await users.insert(aUser({ id: 'a' }), 'hash-a');
    await users.insert(aUser({ id: 'b', role: 'admin' }), 'hash-b');
    await users.insert(aUser({ id: 'c', revokedAt: REVOKED_AT }), 'hash-c');
    await expect(users.update('a', 1, { role: 'admin' })).resolves.toBe(false);
    await expect(users.update('a', 1, { revokedAt: REVOKED_AT })).resolves.toBe(false);
    await expect(users.update('a', 1, { name: 'still an owner', role: 'owner' })).resolves.toBe(true);
    await expect(users.update('b', 1, { revokedAt: REVOKED_AT })).resolves.toBe(true);
    await expect(users.update('c', 1, { role: 'viewer' })).resolves.toBe(true);

    await users.insert(aUser({ id: 'd' }), 'hash-d');
    const both = await Promise.all([
      users.update('a', 2, { role: 'viewer' }),
      users.update('d', 1, { revokedAt: REVOKED_AT }),
    ]);
    expect(both.filter(Boolean)).toHaveLength(1);
  });
});

function aUser(fields: Partial<AdminUser> = {}): AdminUser {
  return {
    id: '1',
    name: 'Ada',
    role: 'owner',
    masked: 'ak_1f0c…9a2e',
    createdAt: '2026-11-24T10:20:30.456Z',
    revokedAt: null,
    version: 1,
    ...fields,
  };
}
