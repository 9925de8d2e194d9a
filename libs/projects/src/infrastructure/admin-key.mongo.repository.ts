import type { Model } from 'mongoose';
import type { AdminKey } from '../domain/admin-key.entity.js';
import { AdminKeyRepository } from '../domain/admin-key.repository.js';
import { type AdminKeyDocument, adminKeySchema, toAdminKey, toDocument } from './admin-key.schema.js';

export class AdminKeyMongoRepository extends AdminKeyRepository {
  static readonly schema = adminKeySchema;

  constructor(private readonly model: Model<AdminKeyDocument>) {
    super();
  }

  async insert(key: AdminKey, hash: string): Promise<void> {
    await this.model.create(toDocument(key, hash));
  }

  async hasAny(): Promise<boolean> {
    return (await this.model.exists({})) !== null;
  }

  async findByHash(hash: string): Promise<AdminKey | null> {
    const document = await this.model.findOne({ hash }).lean<AdminKeyDocument>();
    return document && toAdminKey(document);
  }

  async rehash(from: string, to: string): Promise<void> {
    await this.model.updateOne({ hash: from }, { $set: { hash: to } });
  }
}
