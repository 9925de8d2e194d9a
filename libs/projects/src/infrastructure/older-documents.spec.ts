import type { Model, Schema } from 'mongoose';
import type { MongoDatabase } from '@app/shared';
import { MONGODB_TEST_URI, openInMongo } from '../../../../test/support/databases.js';
import {
  adminKeyRepository,
  apiKeyRepository,
  projectRepository,
  providerKeyRepository,
} from '../projects.module.js';
import { adminKeySchema } from './admin-key.schema.js';
import { apiKeySchema } from './api-key.schema.js';
import { projectSchema } from './project.schema.js';
import { providerKeySchema } from './provider-key.schema.js';

const COMMON = { name: 'old', createdAt: Date.UTC(2026, 10, 24) };

(MONGODB_TEST_URI ? describe : describe.skip)(
  'documents in MongoDB from before roles, scopes and versions',
  () => {
    let database: MongoDatabase;

    beforeEach(async () => {
      database = (await openInMongo(MONGODB_TEST_URI ?? '')) as MongoDatabase;
    });

    afterEach(() => database.close());

    /** As it was written then. */
    async function store<Document>(schema: Schema<Document>, document: object): Promise<void> {
      const model: Model<Document> = await database.model(schema);
      await model.collection.insertOne({ ...COMMON, ...document });
    }

    it('are projects without limits, and can be changed', async () => {
      const settings = { status: 'active', strict: true, annotate: false, fileLimitBytes: 5 };
      await store(projectSchema, { _id: 'p', ...settings });
      const projects = await projectRepository.useFactory(database);

      await expect(projects.findById('p')).resolves.toEqual({
        id: 'p',
        name: 'old',
        ...settings,
        bodyLimitBytes: null,
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
      await expect(projects.findDue(Date.UTC(2099, 0), 10)).resolves.toEqual([]);
      await expect(projects.update('p', 2, { name: 'late' })).resolves.toBe(false);
      await expect(projects.update('p', 1, { allowedVendors: ['openai'] })).resolves.toBe(true);
      await expect(projects.update('p', 1, { name: 'late' })).resolves.toBe(false);
    });

    it('are keys that may do everything', async () => {
      await store(apiKeySchema, {
        _id: 'k',
        masked: '…',
        projectId: 'p',
        hash: 'hash',
        expiresAt: null,
        revokedAt: null,
      });
      await store(providerKeySchema, {
        _id: 'v',
        masked: '…',
        projectId: 'p',
        provider: 'openai',
        envelope: 'v1.x.y',
      });
      const keys = await apiKeyRepository.useFactory(database);
      const vendorKeys = await providerKeyRepository.useFactory(database);
      await keys.touch('k', 1);

      await expect(keys.findByHash('hash')).resolves.toMatchObject({
        allowedEndpoints: null,
        allowedModels: null,
        allowedVendors: null,
        allowedAddresses: null,
        requestsPerMinute: null,
        concurrentCalls: null,
        tokensPerMinute: null,
        fileLimitBytes: null,
        lastUsedAt: '1970-01-01T00:00:00.001Z',
        version: 1,
      });
      await expect(keys.update('k', 1, { name: 'new' })).resolves.toBe(true);
      const old = await vendorKeys.findSealed('p');
      expect(old).toMatchObject([{ status: 'active', isDefault: false, weight: 0, version: 1 }]);
      for (const key of old) {
        await expect(vendorKeys.update(key, { isDefault: true })).resolves.toBe(true);
      }
    });

    it('are owners, one of whom stays', async () => {
      await store(adminKeySchema, { _id: 'a', masked: '…', hash: 'hash-a' });
      await store(adminKeySchema, { _id: 'b', masked: '…', hash: 'hash-b' });
      const users = await adminKeyRepository.useFactory(database);

      await expect(users.findByHash('hash-a')).resolves.toMatchObject({
        role: 'owner',
        revokedAt: null,
        version: 1,
      });
      await expect(users.update('a', 1, { role: 'viewer' })).resolves.toBe(true);
      await expect(users.update('b', 1, { role: 'viewer' })).resolves.toBe(false);
    });
  },
);
