import { randomUUID } from 'node:crypto';
import { type Database, type KeyedHash, StoreUnavailableError } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import type { ApiKeyRepository } from '../domain/api-key.repository.js';
import { apiKeyRepository } from '../projects.module.js';

const hashed = (hash: string, madeWith = 'first'): KeyedHash => ({ hash, madeWith });
const REVOKED_AT = '2026-11-25T00:00:00.001Z';

describe.each(await databases())('ApiKeyRepository on %s', (_, open) => {
  let database: Database;
  let keys: ApiKeyRepository;

  beforeEach(async () => {
    database = await open();
    keys = await apiKeyRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('finds a key by its hash and by its id, exactly as stored', async () => {
    const endless = aKey();
    const ended = aKey({
      expiresAt: '2027-01-01T00:00:00.000Z',
      revokedAt: REVOKED_AT,
      allowedEndpoints: ['/v1/audio/*'],
      allowedModels: ['openai/*', '"quoted"'],
      allowedVendors: ['openai'],
      allowedAddresses: ['2001:db8::/32'],
      requestsPerMinute: 60,
      concurrentCalls: 5,
      tokensPerMinute: 90_000,
      fileLimitBytes: 10 * 1024 ** 3,
      lastUsedAt: REVOKED_AT,
    });
    await keys.insert(endless, hashed('hash-1'));
    await keys.insert(ended, hashed('hash-2'));

    await expect(keys.findByHash('hash-1')).resolves.toEqual(endless);
    await expect(keys.findByHash('hash-2')).resolves.toEqual(ended);
    await expect(keys.findById('project', ended.id)).resolves.toEqual(ended);
    await expect(keys.findByHash('hash-3')).resolves.toBeNull();
    await expect(keys.findById('project', 'nobody')).resolves.toBeNull();
  });

  it('accepts a hash once', async () => {
    await keys.insert(aKey(), hashed('hash-1'));

    await expect(keys.insert(aKey(), hashed('hash-1'))).rejects.toBeInstanceOf(StoreUnavailableError);
  });

  it('gives a key another hash', async () => {
    const key = aKey();
    await keys.insert(key, hashed('hash-1'));
    await keys.rehash('hash-1', hashed('hash-2', 'second'));
    await keys.rehash('hash-1', hashed('hash-3', 'second'));

    await expect(keys.findByHash('hash-1')).resolves.toBeNull();
    await expect(keys.findByHash('hash-2')).resolves.toEqual(key);
  });

  it('keeps projects apart', async () => {
    const key = aKey({ projectId: 'other' });
    await keys.insert(key, hashed('hash-1'));

    await expect(keys.findById('project', key.id)).resolves.toBeNull();
    await expect(keys.list('project', 10)).resolves.toEqual([]);
    await expect(keys.list('other', 10)).resolves.toEqual([key]);
  });

  it('lists by id, behind the given one', async () => {
    for (const id of ['b', 'd', 'a', 'c']) {
      await keys.insert(aKey({ id }), hashed(`hash-${id}`));
    }

    await expect(keys.list('project', 2)).resolves.toMatchObject([{ id: 'a' }, { id: 'b' }]);
    await expect(keys.list('project', 10, 'b')).resolves.toMatchObject([{ id: 'c' }, { id: 'd' }]);
  });

  it('changes what is given, of the version that is there only', async () => {
    const key = aKey({ allowedModels: ['openai/*'], allowedAddresses: ['192.0.2.0/24'] });
    const other = aKey();
    await keys.insert(key, hashed('hash-1'));
    await keys.insert(other, hashed('hash-2'));

    await expect(keys.update(key.id, 1, { revokedAt: REVOKED_AT, allowedModels: null })).resolves.toBe(true);
    await expect(keys.update(key.id, 1, { name: 'late' })).resolves.toBe(false);
    await expect(keys.update('nobody', 1, { name: 'x' })).resolves.toBe(false);

    await expect(keys.findByHash('hash-1')).resolves.toEqual({
      ...key,
      revokedAt: REVOKED_AT,
      allowedModels: null,
      version: 2,
    });
    await expect(keys.findByHash('hash-2')).resolves.toEqual(other);
  });

  it('puts a new key in the place of an old one, of the version that is there only', async () => {
    const old = aKey();
    const [successor, late] = [aKey(), aKey()];
    await keys.insert(old, hashed('hash-1'));

    await expect(keys.replace(old, REVOKED_AT, successor, hashed('hash-2'))).resolves.toBe(true);
    await expect(keys.replace(old, REVOKED_AT, late, hashed('hash-3'))).resolves.toBe(false);

    const replaced = { ...old, expiresAt: REVOKED_AT, replacedBy: successor.id, version: 2 };
    await expect(keys.findByHash('hash-1')).resolves.toEqual(replaced);
    await expect(keys.findByHash('hash-2')).resolves.toEqual(successor);
    await expect(keys.list('project', 10)).resolves.toHaveLength(2);
  });

  it('lets a key go on when the one that should replace it cannot be stored', async () => {
    const old = aKey();
    await keys.insert(old, hashed('hash-1'));
    await keys.insert(aKey(), hashed('hash-2'));

    await expect(keys.replace(old, REVOKED_AT, aKey(), hashed('hash-2'))).rejects.toBeInstanceOf(
      StoreUnavailableError,
    );
    await expect(keys.findByHash('hash-1')).resolves.toMatchObject({ expiresAt: null });
  });

  it('notes the latest use, without a new version', async () => {
    const key = aKey();
    await keys.insert(key, hashed('hash-1'));

    await keys.touch(key.id, Date.parse(REVOKED_AT));
    await keys.touch(key.id, Date.parse(REVOKED_AT) - 1);
    await keys.touch('nobody', 1);

    await expect(keys.findByHash('hash-1')).resolves.toEqual({ ...key, lastUsedAt: REVOKED_AT });
  });

  it('deletes the keys of one project', async () => {
    await keys.insert(aKey(), hashed('hash-1'));
    await keys.insert(aKey(), hashed('hash-2'));
    await keys.insert(aKey({ projectId: 'other' }), hashed('hash-3'));

    await keys.deleteOf('project');

    await expect(keys.list('project', 10)).resolves.toEqual([]);
    await expect(keys.list('other', 10)).resolves.toHaveLength(1);
  });
});

function aKey(fields: Partial<StoredApiKey> = {}): StoredApiKey {
  return {
    id: randomUUID(),
    projectId: 'project',
    name: 'a key',
    masked: 'pk_1f0c…9a2e',
    createdAt: '2026-11-24T10:20:30.456Z',
    expiresAt: null,
    revokedAt: null,
    allowedEndpoints: null,
    allowedModels: null,
    allowedVendors: null,
    allowedAddresses: null,
    requestsPerMinute: null,
    concurrentCalls: null,
    tokensPerMinute: null,
    fileLimitBytes: null,
    replacedBy: null,
    lastUsedAt: null,
    version: 1,
    ...fields,
  };
}
