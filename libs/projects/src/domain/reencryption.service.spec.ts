import { AuditTrail } from '@app/audit';
import { type Database, RingKey, Secrets } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { auditRepository } from '../../../audit/src/audit.module.js';
import { adminKeyRepository, apiKeyRepository, providerKeyRepository } from '../projects.module.js';
import type { AdminUser } from './admin-user.entity.js';
import type { StoredApiKey } from './api-key.entity.js';
import { KeyHashes } from './key-hashes.js';
import type { ProviderKeyRepository } from './provider-key.repository.js';
import { ReencryptionService } from './reencryption.service.js';

const OLD = new RingKey(Buffer.alloc(32, 1), '2026');
const NEW = new RingKey(Buffer.alloc(32, 2), '2027');
const STATE = {
  isDefault: false,
  status: 'active',
  createdAt: '2026-11-24T10:20:30.456Z',
  version: 1,
} as const;
const USER: AdminUser = {
  id: 'u',
  name: 'Ada',
  role: 'owner',
  masked: '…',
  createdAt: STATE.createdAt,
  revokedAt: null,
  version: 1,
};
const API_KEY: StoredApiKey = {
  id: 'k',
  projectId: 'p',
  name: 'k',
  masked: '…',
  allowedEndpoints: null,
  allowedModels: null,
  allowedVendors: null,
  allowedAddresses: null,
  createdAt: STATE.createdAt,
  expiresAt: null,
  revokedAt: null,
  replacedBy: null,
  lastUsedAt: null,
  version: 1,
};
const LOST = new RingKey(Buffer.alloc(32, 3), 'lost');

describe('ReencryptionService', () => {
  let database: Database;
  let keys: ProviderKeyRepository;
  let hashes: KeyHashes;
  let audit: AuditTrail;
  const secrets = new Secrets([NEW, OLD]);

  beforeEach(async () => {
    database = openInMemory();
    keys = await providerKeyRepository.useFactory(database);
    const apiKeys = await apiKeyRepository.useFactory(database);
    const users = await adminKeyRepository.useFactory(database);
    hashes = new KeyHashes(apiKeys, users, secrets);
    await users.insert(USER, new Secrets([OLD]).keyedHash('ak_unused'));
    await apiKeys.insert({ ...API_KEY, id: 'unused' }, new Secrets([OLD]).keyedHash('pk_unused'));
    await apiKeys.insert({ ...API_KEY, id: 'used' }, secrets.keyedHash('pk_used'));
    const gone = { ...API_KEY, id: 'gone', revokedAt: STATE.createdAt };
    await apiKeys.insert(gone, new Secrets([OLD]).keyedHash('pk_gone'));
    const over = { ...API_KEY, id: 'over', expiresAt: '2026-11-23T00:00:00.000Z' };
    await apiKeys.insert(over, new Secrets([OLD]).keyedHash('pk_over'));
    audit = new AuditTrail(await auditRepository.useFactory(database));
  });

  afterEach(() => database.close());

  async function store(count: number, key: RingKey, name = 'key'): Promise<void> {
    const sealing = new Secrets([key]);
    for (let n = 0; n < count; n += 1) {
      const id = `${name}-${String(n).padStart(4, '0')}`;
      await keys.insert({
        id,
        projectId: `project-${n % 3}`,
        provider: 'openai',
        name,
        masked: '…',
        ...STATE,
        envelope: sealing.encrypt(`secret of ${id}`, id),
      });
    }
  }

  const all = () => keys.listSealed(10_000);

  it('moves every key to the active one, page by page, and then has nothing to do', async () => {
    await store(250, OLD);
    const service = new ReencryptionService(keys, hashes, secrets, audit);
    const nothing = { activeKeyId: '2027', done: 0, left: 0, unreadable: 0, keysLeft: 2, missingKeyIds: [] };

    await expect(service.run(BY)).resolves.toEqual({ ...nothing, done: 250 });
    await expect(audit.list({}, { limit: 1 })).resolves.toMatchObject({
      data: [
        {
          action: 'encryption.reencrypt',
          actorId: BY.id,
          targetId: '2027',
          projectId: null,
          after: { keysLeft: 2 },
        },
      ],
    });
    await expect(service.run(BY)).resolves.toEqual(nothing);
    for (const { id, envelope } of await all()) {
      expect(new Secrets([NEW]).decrypt(envelope, id)).toBe(`secret of ${id}`);
    }
  });

  it('names the keys that are lost, and leaves what it cannot open as it is', async () => {
    await store(2, LOST, 'lost');
    await store(1, OLD);
    const before = await all();
    const answer = await new ReencryptionService(keys, hashes, secrets, audit).run(BY);

    expect(answer).toMatchObject({ done: 1, unreadable: 2, missingKeyIds: ['lost'] });
    expect((await all()).filter(({ id }) => id.startsWith('lost'))).toEqual(
      before.filter(({ id }) => id.startsWith('lost')),
    );
  });

  it('counts a moved or damaged envelope as unreadable, without a missing key', async () => {
    await keys.insert({
      id: 'moved',
      projectId: 'p',
      provider: 'openai',
      name: 'moved',
      masked: '…',
      ...STATE,
      envelope: new Secrets([OLD]).encrypt('secret', 'another record'),
    });

    await expect(new ReencryptionService(keys, hashes, secrets, audit).run(BY)).resolves.toMatchObject({
      unreadable: 1,
      missingKeyIds: [],
    });
  });

  it('writes over nothing that changed meanwhile, and says how much is left', async () => {
    await store(3, OLD);
    const meddling = Object.create(keys, {
      listSealed: {
        value: async (limit: number, after?: string) => {
          const page = await keys.listSealed(limit, after);
          const [first] = page;
          const other = new Secrets([OLD]).encrypt('stored meanwhile', 'key-0000');
          await keys.replaceEnvelope('key-0000', first?.envelope ?? '', other);
          return page;
        },
      },
    }) as ProviderKeyRepository;

    await expect(new ReencryptionService(meddling, hashes, secrets, audit).run(BY)).resolves.toMatchObject({
      done: 2,
      left: 1,
    });
    const [first] = await all();
    expect(secrets.decrypt(first?.envelope ?? '', 'key-0000')).toBe('stored meanwhile');
    await expect(new ReencryptionService(keys, hashes, secrets, audit).run(BY)).resolves.toMatchObject({
      done: 1,
      left: 0,
    });
  });

  it('may run twice at a time', async () => {
    await store(120, OLD);
    const [one, two] = await Promise.all([
      new ReencryptionService(keys, hashes, secrets, audit).run(BY),
      new ReencryptionService(keys, hashes, secrets, audit).run(BY),
    ]);

    expect(one.done + two.done).toBe(120);
    expect(one.unreadable + two.unreadable).toBe(0);
    for (const { id, envelope } of await all()) {
      expect(secrets.decrypt(envelope, id)).toBe(`secret of ${id}`);
    }
  });
});
