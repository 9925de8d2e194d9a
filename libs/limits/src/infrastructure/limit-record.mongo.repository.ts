import type { Model } from 'mongoose';
import { deleteExpiredDocuments, putDocument } from '@app/shared';
import { type LimitRecord, LimitRecordRepository } from '../domain/store/limit-record.repository.js';
import { type LimitRecordDocument, limitRecordSchema } from './limit-record.schema.js';

export class LimitRecordMongoRepository extends LimitRecordRepository {
  static readonly schema = limitRecordSchema;

  constructor(private readonly model: Model<LimitRecordDocument>) {
    super();
  }

  async find(id: string): Promise<LimitRecord | null> {
    const document = await this.model.findById(id).lean<LimitRecordDocument>();
    if (!document) {
      return null;
    }
    const { version, content, expiresAt } = document;
    return { id, version, content, expiresAt };
  }

  put({ id, version, content, expiresAt }: LimitRecord): Promise<boolean> {
    return putDocument(this.model, { _id: id, version, content, expiresAt });
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredDocuments(this.model, now, limit);
  }
}
