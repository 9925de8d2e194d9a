import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { adminKeyRepository } from '../projects.module.js';

describe.each(await databases())('AdminKeyRepository on %s', (_, open) => {
  let database: Database;

  beforeEach(async () => {
    database = await open();
  });

  afterEach(async () => {
    await database.close();
  });

  it('knows whether there is any key, and finds one by its hash', async () => {
    const keys = await adminKeyRepository.useFactory(database);
    const key = { id: '1', name: 'first', masked: 'ak_1f0c…9a2e', createdAt: '2026-11-24T10:20:30.456Z' };
    await expect(keys.hasAny()).resolves.toBe(false);

    await keys.insert(key, 'hash-1');

    await expect(keys.hasAny()).resolves.toBe(true);
    await expect(keys.findByHash('hash-1')).resolves.toEqual(key);
    await expect(keys.findByHash('hash-2')).resolves.toBeNull();
    await keys.rehash('hash-1', 'hash-2');
    await keys.rehash('hash-1', 'hash-3');
    await expect(keys.findByHash('hash-1')).resolves.toBeNull();
    await expect(keys.findByHash('hash-2')).resolves.toEqual(key);
  });
});
