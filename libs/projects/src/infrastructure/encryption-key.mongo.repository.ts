import type { Model } from 'mongoose';
import { EncryptionKeyRepository } from '../domain/encryption-key.repository.js';
import { type EncryptionKeyDocument, encryptionKeySchema } from './encryption-key.schema.js';

export class EncryptionKeyMongoRepository extends EncryptionKeyRepository {
  static readonly schema = encryptionKeySchema;

  constructor(private readonly model: Model<EncryptionKeyDocument>) {
    super();
  }

  async fingerprints(): Promise<string[]> {
    const documents = await this.model.find().lean<EncryptionKeyDocument[]>();
    return documents.map(({ _id }) => _id);
  }

  async add(fingerprint: string): Promise<void> {
    await this.model.updateOne(
      { _id: fingerprint },
      { $setOnInsert: { _id: fingerprint } },
      { upsert: true },
    );
  }
}
