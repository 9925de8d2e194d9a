import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import type { SqlDatabase } from '@app/shared';
import { openInMemory } from '../../../../test/support/databases.js';
import {
  adminKeyRepository,
  apiKeyRepository,
  projectRepository,
  providerKeyRepository,
} from '../projects.module.js';
import { adminKeyMigrations } from './admin-key.table.js';
import { apiKeyMigrations } from './api-key.table.js';
import { projectMigrations } from './project.table.js';
import { providerKeyMigrations } from './provider-key.table.js';

const FIRST = '2026-11-24';
const CREATED = Date.UTC(2026, 10, 24);
const OWNERS: readonly (readonly [owner: string, migrations: Record<string, Migration>])[] = [
  ['ProjectRepository', projectMigrations],
  ['ApiKeyRepository', apiKeyMigrations],
  ['ProviderKeyRepository', providerKeyMigrations],
  ['AdminKeyRepository', adminKeyMigrations],
];

describe('the store of the first release', () => {
  let database: SqlDatabase;

  beforeEach(async () => {
    database = openInMemory();
    await migrateAsThen(database.sql);
    await fill(database.sql);
  });

  afterEach(async () => {
    await database.close();
  });

  it('goes on working: nothing is limited, and whoever was an administrator is an owner', async () => {
    const projects = await projectRepository.useFactory(database);
    const keys = await apiKeyRepository.useFactory(database);
    const vendorKeys = await providerKeyRepository.useFactory(database);
    const users = await adminKeyRepository.useFactory(database);

    await expect(projects.findById('p')).resolves.toEqual({
      id: 'p',
      name: 'old',
      status: 'suspended',
      strict: true,
      annotate: false,
      bodyLimitBytes: null,
      fileLimitBytes: 5,
      defaultChatModel: null,
      defaultTranscriptionModel: null,
      allowedVendors: null,
      requestsPerMinute: null,
      concurrentCalls: null,
      tokensPerMinute: null,
      cache: 'off',
      cacheTtlSeconds: 3600,
      cacheScope: 'project',
      semanticCache: 'off',
      semanticCacheModel: null,
      semanticCacheThreshold: 0.9,
      semanticCacheNever: [],
      cacheKeeps: [],
      transcriptionCache: false,
      transcriptionHistoryDays: null,
      transcriptionHistoryText: false,
      retentionUsageDays: null,
      retentionDecisionDays: null,
      retentionResponseDays: null,
      promptPasses: [],
      createdAt: '2026-11-24T00:00:00.000Z',
      deletesAt: null,
      version: 1,
    });
    await expect(keys.findByHash('hash')).resolves.toMatchObject({
      name: 'old',
      allowedModels: null,
      allowedAddresses: null,
      requestsPerMinute: null,
      concurrentCalls: null,
      tokensPerMinute: null,
      fileLimitBytes: null,
      lastUsedAt: null,
      version: 1,
    });
    await expect(vendorKeys.findSealed('p')).resolves.toMatchObject([
      { status: 'active', isDefault: false, weight: 0, version: 1 },
    ]);
    await expect(users.findByHash('hash')).resolves.toMatchObject({ role: 'owner', revokedAt: null });
    await expect(projects.update('p', 1, { allowedVendors: ['openai'] })).resolves.toBe(true);
  });
});

async function migrateAsThen(db: Kysely<unknown>): Promise<void> {
  for (const [owner, all] of OWNERS) {
    const migrations = Object.fromEntries(Object.entries(all).filter(([name]) => name.startsWith(FIRST)));
    const { error } = await new Migrator({
      db,
      provider: { getMigrations: async () => migrations },
      migrationTableName: `migrations_${owner}`,
      migrationLockTableName: `migrations_${owner}_lock`,
    }).migrateToLatest();
    expect(error).toBeUndefined();
  }
}

async function fill(sql: SqlDatabase['sql']): Promise<void> {
  const common = { name: 'old', masked: '…', created_at: CREATED };
  await sql
    .insertInto('projects')
    .values({
      id: 'p',
      name: 'old',
      status: 'suspended',
      strict: 1,
      annotate: 0,
      file_limit_bytes: 5,
      created_at: CREATED,
    })
    .execute();
  await sql
    .insertInto('api_keys')
    .values({ ...common, id: 'k', project_id: 'p', hash: 'hash' })
    .execute();
  await sql
    .insertInto('provider_keys')
    .values({ ...common, id: 'v', project_id: 'p', provider: 'openai', envelope: 'v1.x.y' })
    .execute();
  await sql
    .insertInto('admin_keys')
    .values({ ...common, id: 'a', hash: 'hash' })
    .execute();
}
