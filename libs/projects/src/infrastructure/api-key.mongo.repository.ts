import type { KeyedHash } from '@app/shared';
import type { Model } from 'mongoose';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import { type ApiKeyChange, ApiKeyRepository } from '../domain/api-key.repository.js';
import { type ApiKeyDocument, apiKeySchema, toApiKey, toDocument, toFields } from './api-key.schema.js';
import { toMs } from './iso-time.js';
import { atVersion } from './stored-version.js';

export class ApiKeyMongoRepository extends ApiKeyRepository {
  static readonly schema = apiKeySchema;

  constructor(private readonly model: Model<ApiKeyDocument>) {
    super();
  }

  async insert(key: StoredApiKey, hash: KeyedHash): Promise<void> {
    await this.model.create(toDocument(key, hash));
  }

  async findById(projectId: string, id: string): Promise<StoredApiKey | null> {
    const document = await this.model.findOne({ _id: id, projectId }).lean<ApiKeyDocument>();
    return document && toApiKey(document);
  }

  async findByHash(hash: string): Promise<StoredApiKey | null> {
    const document = await this.model.findOne({ hash }).lean<ApiKeyDocument>();
    return document && toApiKey(document);
  }

  async list(projectId: string, limit: number, after = ''): Promise<StoredApiKey[]> {
    const documents = await this.model
      .find({ projectId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ApiKeyDocument[]>();
    return documents.map(toApiKey);
  }

  async update(id: string, version: number, change: ApiKeyChange): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, version: atVersion(version) },
      { $set: { ...toFields(change), version: version + 1 } },
    );
    return matchedCount === 1;
  }

  async replace(
    old: StoredApiKey,
    endsAt: string,
    successor: StoredApiKey,
    hash: KeyedHash,
  ): Promise<boolean> {
    // First: whoever sees that the old one was replaced must find the new one. Nobody knows the secret of one that stays.
    await this.model.create(toDocument(successor, hash));
    const { matchedCount } = await this.model.updateOne(
      { _id: old.id, version: atVersion(old.version) },
      { $set: { replacedBy: successor.id, expiresAt: toMs(endsAt), version: old.version + 1 } },
    );
    if (matchedCount === 0) {
      await this.model.deleteOne({ _id: successor.id });
    }
    return matchedCount === 1;
  }

  async touch(id: string, usedAt: number): Promise<void> {
    await this.model.updateOne(
      { _id: id, $or: [{ lastUsedAt: null }, { lastUsedAt: { $lt: usedAt } }] },
      { $set: { lastUsedAt: usedAt } },
    );
  }

  async rehash(from: string, { hash, madeWith }: KeyedHash): Promise<void> {
    await this.model.updateOne({ hash: from }, { $set: { hash, hashMadeWith: madeWith } });
  }

  countOfOthers(madeWith: string, now: number): Promise<number> {
    return this.model.countDocuments({
      hashMadeWith: { $ne: madeWith },
      revokedAt: null,
      $or: [{ expiresAt: null }, { expiresAt: { $gt: now } }],
    });
  }

  async claimHashes(madeWith: string): Promise<void> {
    await this.model.updateMany({ hashMadeWith: null }, { $set: { hashMadeWith: madeWith } });
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}
