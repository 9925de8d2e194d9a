import { type Database, RingKey, Secrets } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { encryptionKeyRepository } from '../projects.module.js';
import { EncryptionCheck } from './encryption-check.service.js';

const [OLD, NEW, OTHER] = [1, 2, 3].map(fill => new RingKey(Buffer.alloc(32, fill))) as [
  RingKey,
  RingKey,
  RingKey,
];

describe.each(await databases())('the check of the encryption key on %s', (_, open) => {
  let database: Database;

  beforeEach(async () => {
    database = await open();
  });

  afterEach(async () => {
    await database.close();
  });

  const start = async (...ring: RingKey[]): Promise<void> =>
    new EncryptionCheck(
      await encryptionKeyRepository.useFactory(database),
      new Secrets(ring),
    ).assertOwnStore();

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
});
