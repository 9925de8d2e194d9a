import { AuditTrail } from '@app/audit';
import { createLogger, RingKey, Secrets, type SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import { BY } from '../../../../test/support/projects.js';
import { insertProviderKey } from '../../../../test/support/sealed.js';
import { auditRepository } from '../../../audit/src/audit.module.js';
import { adminKeyRepository, apiKeyRepository, providerKeyRepository } from '../projects.module.js';
import type { AdminUser } from './admin-user.entity.js';
import type { StoredApiKey } from './api-key.entity.js';
import { KeyHashes } from './key-hashes.js';
import { ReencryptionService } from './reencryption.service.js';
import { Resealing } from './resealing.js';

const OLD = new RingKey(Buffer.alloc(32, 1), '2026');
const NEW = new RingKey(Buffer.alloc(32, 2), '2027');
const CREATED = '2026-11-24T10:20:30.456Z';
const USER: AdminUser = {
  id: 'u',
  name: 'Ada',
  role: 'owner',
  masked: '…',
  createdAt: CREATED,
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
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  fileLimitBytes: null,
  createdAt: CREATED,
  expiresAt: null,
  revokedAt: null,
  replacedBy: null,
  lastUsedAt: null,
  version: 1,
};

describe('ReencryptionService', () => {
  let database: SqlDatabase;
  let audit: AuditTrail;
  let service: ReencryptionService;
  const [before, secrets] = [new Secrets([OLD]), new Secrets([NEW, OLD])];

  beforeEach(async () => {
    database = openInMemory();
    const keys = await providerKeyRepository.useFactory(database);
    const apiKeys = await apiKeyRepository.useFactory(database);
    const users = await adminKeyRepository.useFactory(database);
    await insertProviderKey(keys, 'v', before.encrypt('secret', 'v'));
    await users.insert(USER, before.keyedHash('ak_unused'));
    await apiKeys.insert({ ...API_KEY, id: 'unused' }, before.keyedHash('pk_unused'));
    await apiKeys.insert({ ...API_KEY, id: 'used' }, secrets.keyedHash('pk_used'));
    await apiKeys.insert({ ...API_KEY, id: 'gone', revokedAt: CREATED }, before.keyedHash('pk_gone'));
    const expired = { ...API_KEY, id: 'over', expiresAt: '2026-11-23T00:00:00.000Z' };
    await apiKeys.insert(expired, before.keyedHash('pk_over'));
    audit = new AuditTrail(await auditRepository.useFactory(database));
    const resealing = new Resealing({ sealed: [keys] }, secrets, createLogger('silent'));
    service = new ReencryptionService(resealing, new KeyHashes(apiKeys, users, secrets), secrets, audit);
  });

  afterEach(() => database.close());

  it('moves what is sealed, counts the keys that move by themselves, and leaves an entry', async () => {
    await expect(service.run(BY)).resolves.toEqual({
      activeKeyId: '2027',
      done: 1,
      left: 0,
      unreadable: 0,
      kinds: [{ kind: 'provider keys', done: 1, left: 0, unreadable: 0 }],
      keysLeft: 2,
      missingKeyIds: [],
    });
    await expect(audit.list({}, { limit: 1 })).resolves.toMatchObject({
      data: [
        {
          action: 'encryption.reencrypt',
          actorId: BY.id,
          targetId: '2027',
          projectId: null,
          after: { keysLeft: 2 },
          outcome: 'made',
        },
      ],
    });
  });
});
