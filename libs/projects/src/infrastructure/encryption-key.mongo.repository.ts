import type { Model } from 'mongoose';
import { EncryptionKeyRepository, type KnownEncryptionKey } from '../domain/encryption-key.repository.js';
import { type EncryptionKeyDocument, encryptionKeySchema } from './encryption-key.schema.js';

export class EncryptionKeyMongoRepository extends EncryptionKeyRepository {
  static readonly schema = encryptionKeySchema;

  constructor(private readonly model: Model<EncryptionKeyDocument>) {
    super();
  }

  async list(): Promise<KnownEncryptionKey[]> {
    const documents = await this.model.find().lean<EncryptionKeyDocument[]>();
    return documents.map(({ _id, id = null }) => ({ fingerprint: _id, id }));
  }

  async note(fingerprint: string, id: string): Promise<void> {
    await this.model.updateOne({ _id: fingerprint }, { $set: { id } }, { upsert: true });
  }
}
