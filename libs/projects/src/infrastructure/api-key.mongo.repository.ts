import type { Model } from 'mongoose';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import { ApiKeyRepository } from '../domain/api-key.repository.js';
import { type ApiKeyDocument, apiKeySchema, toApiKey, toDocument } from './api-key.schema.js';

export class ApiKeyMongoRepository extends ApiKeyRepository {
  static readonly schema = apiKeySchema;

  constructor(private readonly model: Model<ApiKeyDocument>) {
    super();
  }

  async insert(key: StoredApiKey, hash: string): Promise<void> {
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

  async revoke(projectId: string, id: string, revokedAt: string): Promise<void> {
    await this.model.updateOne(
      { _id: id, projectId, revokedAt: null },
      { $set: { revokedAt: Date.parse(revokedAt) } },
    );
  }

  async rehash(from: string, to: string): Promise<void> {
    await this.model.updateOne({ hash: from }, { $set: { hash: to } });
  }
}
