import type { Database, KeyedHash } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { AdminKeyRepository } from '../domain/admin-key.repository.js';
import type { AdminUser } from '../domain/admin-user.entity.js';
import { adminKeyRepository } from '../projects.module.js';

const hashed = (hash: string, madeWith = 'first'): KeyedHash => ({ hash, madeWith });
const REVOKED_AT = '2026-11-25T00:00:00.001Z';

describe.each(await databases())('AdminKeyRepository on %s', (_, open) => {
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

    await users.insert(user, hashed('hash-1'));

    await expect(users.hasAny()).resolves.toBe(true);
    await expect(users.findByHash('hash-1')).resolves.toEqual(user);
    await expect(users.findByHash('hash-2')).resolves.toBeNull();
    await expect(users.findById(user.id)).resolves.toEqual(user);
    await expect(users.findById('nobody')).resolves.toBeNull();
  });

  it('gives a key another hash, and only that', async () => {
    const user = aUser();
    await users.insert(user, hashed('hash-1'));

    await users.rehash('hash-1', hashed('hash-2', 'second'));
    await users.rehash('hash-1', hashed('hash-3', 'second'));

    await expect(users.findByHash('hash-1')).resolves.toBeNull();
    await expect(users.findByHash('hash-2')).resolves.toEqual(user);
  });

  it('lists by id, behind the given one', async () => {
    for (const id of ['b', 'c', 'a']) {
      await users.insert(aUser({ id }), hashed(`hash-${id}`));
    }
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
