import { type Database, type KeyedHash, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { adminKeyRepository, apiKeyRepository, encryptionKeyRepository } from '../projects.module.js';
import type { StoredApiKey } from './api-key.entity.js';
import type { ApiKeyRepository } from './api-key.repository.js';
import { EncryptionCheck } from './encryption-check.service.js';
import { KeyHashes } from './key-hashes.js';

const bytes = (fill: number): Buffer => Buffer.alloc(32, fill);
const [OLD, NEW, OTHER] = [new RingKey(bytes(1)), new RingKey(bytes(2)), new RingKey(bytes(3))];

describe.each(await databases())('the check of the encryption key on %s', (_, open) => {
  let database: Database;
  let keys: ApiKeyRepository;

  beforeEach(async () => {
    database = await open();
    keys = await apiKeyRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  async function start(...ring: RingKey[]): Promise<void> {
    const secrets = new Secrets(ring);
    const hashes = new KeyHashes(keys, await adminKeyRepository.useFactory(database), secrets);
    const known = await encryptionKeyRepository.useFactory(database);
    await new EncryptionCheck(known, hashes, secrets).assertOwnStore();
  }

  it('lets a store be opened with one of its keys, also after a rotation', async () => {
    await start(OLD);
    await start(OLD);
    await start(NEW, OLD);
    await start(NEW);

    await expect(start(OTHER)).rejects.toThrow(
      /^AI_GATEWAY_SECURITY_ENCRYPTION_KEY is not the key of this store/,
    );
    await expect(start(OTHER)).rejects.toThrow(NEW.fingerprint);
  });

  it('names the key that is missing by its id, also when it got that later', async () => {
    await start(OLD);
    await start(new RingKey(bytes(1), '2026'));

    await expect(start(new RingKey(bytes(2), '2027'))).rejects.toThrow(
      `made under '2026' (${OLD.fingerprint}) (yours: '2027' (${NEW.fingerprint}))`,
    );
  });

  it('refuses an id that stands for another key, and another id for a key', async () => {
    const first = new RingKey(bytes(1), '2026');
    await start(first);

    await expect(start(new RingKey(bytes(2), '2026'), OLD)).rejects.toThrow(/another key the id '2026'/);
    await expect(start(new RingKey(bytes(1), '2027'))).rejects.toThrow(/Write it as `2026:…` again/);
    await expect(start(OLD)).rejects.toThrow(/Write it as `2026:…` again/);
    await expect(start(new RingKey(bytes(2), '2027'), first)).resolves.toBeUndefined();
  });

  it('knows that hashes from before were made by the only key that there was', async () => {
    const nobody = { hash: 'x', madeWith: null } as unknown as KeyedHash;
    await keys.insert(KEY, nobody);
    await start(NEW, OLD);
    await expect(keys.countOfOthers(NEW.fingerprint, 0)).resolves.toBe(1);

    await start(NEW);
    await expect(keys.countOfOthers(NEW.fingerprint, 0)).resolves.toBe(0);
  });
});

const KEY: StoredApiKey = {
  id: 'k',
  projectId: 'p',
  name: 'k',
  masked: '…',
  allowedEndpoints: null,
  allowedModels: null,
  allowedVendors: null,
  allowedAddresses: null,
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  fileLimitBytes: null,
  createdAt: '2026-11-24T10:20:30.456Z',
  expiresAt: null,
  revokedAt: null,
  replacedBy: null,
  lastUsedAt: null,
  version: 1,
};
