import { type Database, RingKey, Secrets } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { adminKeyRepository } from '../projects.module.js';
import type { AdminKeyRepository } from './admin-key.repository.js';
import type { AdminUser } from './admin-user.entity.js';
import { findKey } from './find-key.js';

const [FIRST, SECOND] = [new RingKey(Buffer.alloc(32, 1)), new RingKey(Buffer.alloc(32, 2))];
const [OLD, NEW, BOTH] = [new Secrets([FIRST]), new Secrets([SECOND]), new Secrets([SECOND, FIRST])];

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
    await keys.insert(KEY, OLD.keyedHash('ak_1'));

    await expect(keys.countOfOthers(NEW.fingerprint)).resolves.toBe(1);
    await expect(findKey(keys, BOTH, 'ak_1')).resolves.toEqual(KEY);
    await expect(findKey(keys, NEW, 'ak_1')).resolves.toEqual(KEY);
    await expect(findKey(keys, OLD, 'ak_1')).resolves.toBeNull();
    await expect(findKey(keys, BOTH, 'ak_2')).resolves.toBeNull();
    await expect(keys.countOfOthers(NEW.fingerprint)).resolves.toBe(0);
  });

  it('lets a key in although it cannot be moved', async () => {
    await keys.insert(KEY, OLD.keyedHash('ak_1'));
    const readOnly = Object.create(keys, {
      rehash: { value: () => Promise.reject(new Error('The store takes no writes.')) },
    }) as AdminKeyRepository;

    await expect(findKey(readOnly, BOTH, 'ak_1')).resolves.toEqual(KEY);
  });

  it('finds one that another gateway moves meanwhile', async () => {
    await keys.insert(KEY, OLD.keyedHash('ak_1'));
    const raced = Object.create(keys, {
      findByHash: {
        value: async (hash: string) => {
          const found = await keys.findByHash(hash);
          await keys.rehash(OLD.hash('ak_1'), NEW.keyedHash('ak_1'));
          return found;
        },
      },
    }) as AdminKeyRepository;

    await expect(findKey(raced, BOTH, 'ak_1')).resolves.toEqual(KEY);
  });
});
