import type { Database } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { adminKeyRepository } from '../projects.module.js';
import type { AdminKeyRepository } from './admin-key.repository.js';
import type { AdminUser } from './admin-user.entity.js';
import { findKey } from './find-key.js';

const KEY: AdminUser = {
  id: '1',
  name: 'first',
  role: 'owner',
  masked: 'ak_1f0c…9a2e',
  createdAt: '2026-11-24T10:20:30.456Z',
  revokedAt: null,
  version: 1,
};

describe('finding a key by the hashes of a ring', () => {
  let database: Database;
  let keys: AdminKeyRepository;

  beforeEach(async () => {
    database = openInMemory();
    keys = await adminKeyRepository.useFactory(database);
  });

  afterEach(() => database.close());

  it('moves one with an older hash to the active one', async () => {
    await keys.insert(KEY, 'old');

    await expect(findKey(keys, ['new', 'old'])).resolves.toEqual(KEY);
    await expect(findKey(keys, ['new'])).resolves.toEqual(KEY);
    await expect(findKey(keys, ['old'])).resolves.toBeNull();
    await expect(findKey(keys, ['other', 'older'])).resolves.toBeNull();
  });

  it('lets a key in although it cannot be moved', async () => {
    await keys.insert(KEY, 'old');
    const readOnly = Object.create(keys, {
      rehash: { value: () => Promise.reject(new Error('The store takes no writes.')) },
    }) as AdminKeyRepository;

    await expect(findKey(readOnly, ['new', 'old'])).resolves.toEqual(KEY);
  });

  it('finds one that another gateway moves meanwhile', async () => {
    await keys.insert(KEY, 'old');
    const raced = Object.create(keys, {
      findByHash: {
        value: async (hash: string) => {
          const found = await keys.findByHash(hash);
          await keys.rehash('old', 'new');
          return found;
        },
      },
    }) as AdminKeyRepository;

    await expect(findKey(raced, ['new', 'old'])).resolves.toEqual(KEY);
  });
});
