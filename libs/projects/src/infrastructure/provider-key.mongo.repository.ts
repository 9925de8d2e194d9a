import { given, SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import type { ProviderKey, StoredProviderKey } from '../domain/provider-key.entity.js';
import { type ProviderKeyChange, ProviderKeyRepository } from '../domain/provider-key.repository.js';
import { type ProviderKeyDocument, providerKeySchema, toDocument, toStored } from './provider-key.schema.js';
import { atVersion } from './stored-version.js';

export class ProviderKeyMongoRepository extends ProviderKeyRepository {
  static readonly schema = providerKeySchema;
  private readonly sealed: SealedDocuments;

  constructor(private readonly model: Model<ProviderKeyDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
  }

  async insert(key: StoredProviderKey): Promise<void> {
    await this.model.create(toDocument(key));
    if (key.isDefault) {
      await this.takeDefaultFromOthers(key);
    }
  }

  async findById(projectId: string, id: string): Promise<StoredProviderKey | null> {
    const document = await this.model.findOne({ _id: id, projectId }).lean<ProviderKeyDocument>();
    return document && toStored(document);
  }

  async list(projectId: string, limit: number, after = ''): Promise<ProviderKey[]> {
    const documents = await this.model
      .find({ projectId, _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<ProviderKeyDocument[]>();
    return documents.map(document => {
      const { envelope: _, ...key } = toStored(document);
      return key;
    });
  }

  async findSealed(projectId: string): Promise<StoredProviderKey[]> {
    const documents = await this.model.find({ projectId }).sort({ _id: -1 }).lean<ProviderKeyDocument[]>();
    return documents.map(toStored);
  }

  async update(key: ProviderKey, change: ProviderKeyChange): Promise<boolean> {
    const { name, status, isDefault, weight } = change;
    const { matchedCount } = await this.model.updateOne(
      { _id: key.id, version: atVersion(key.version) },
      { $set: { ...given({ name, status, isDefault, weight }), version: key.version + 1 } },
    );
    const found = matchedCount === 1;
    if (found && isDefault) {
      await this.takeDefaultFromOthers(key);
    }
    return found;
  }

  async delete({ id, version }: ProviderKey): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, version: atVersion(version) });
    return deletedCount === 1;
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }

  /**
   * A second step: for a moment a vendor has two defaults, and of two keys that become it at the same time neither may
   * stay it. Calls take the latest active one then, so none of them fails; the next choice of a default sets it right.
   */
  private async takeDefaultFromOthers({ id, projectId, provider }: ProviderKey): Promise<void> {
    await this.model.updateMany(
      { projectId, provider, isDefault: true, _id: { $ne: id } },
      { $set: { isDefault: false }, $inc: { version: 1 } },
    );
  }
}
