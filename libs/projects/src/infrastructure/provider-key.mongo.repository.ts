import type { Model } from 'mongoose';
import type { ProviderKey, SealedSecret, StoredProviderKey } from '../domain/provider-key.entity.js';
import { ProviderKeyRepository } from '../domain/provider-key.repository.js';
import {
  type ProviderKeyDocument,
  providerKeySchema,
  toDocument,
  toProviderKey,
} from './provider-key.schema.js';

export class ProviderKeyMongoRepository extends ProviderKeyRepository {
  static readonly schema = providerKeySchema;

  constructor(private readonly model: Model<ProviderKeyDocument>) {
    super();
  }

  async insert(key: StoredProviderKey): Promise<void> {
    await this.model.create(toDocument(key));
  }

  async list(projectId: string, limit: number, after = ''): Promise<ProviderKey[]> {
    const documents = await this.model
      .find({ projectId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ProviderKeyDocument[]>();
    return documents.map(document => {
      const { envelope: _, ...key } = toProviderKey(document);
      return key;
    });
  }

  async findSealed(projectId: string): Promise<StoredProviderKey[]> {
    const documents = await this.model.find({ projectId }).sort({ _id: -1 }).lean<ProviderKeyDocument[]>();
    return documents.map(toProviderKey);
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, projectId });
    return deletedCount === 1;
  }

  async listSealed(limit: number, after = ''): Promise<SealedSecret[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } }, { envelope: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<Pick<ProviderKeyDocument, '_id' | 'envelope'>[]>();
    return documents.map(({ _id: id, envelope }) => ({ id, envelope }));
  }

  async replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    const { modifiedCount } = await this.model.updateOne(
      { _id: id, envelope: from },
      { $set: { envelope: to } },
    );
    return modifiedCount === 1;
  }
}
