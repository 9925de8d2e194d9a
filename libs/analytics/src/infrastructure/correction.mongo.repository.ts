import type { Model } from 'mongoose';
import { CorrectionRepository } from '../domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { type CorrectionDocument, correctionSchema, toCorrection, toDocument } from './correction.schema.js';
import { insertDocuments } from './insert-documents.js';

export class CorrectionMongoRepository extends CorrectionRepository {
  static readonly schema = correctionSchema;

  constructor(private readonly model: Model<CorrectionDocument>) {
    super();
  }

  async insertMany(corrections: readonly UsageCorrection[]): Promise<void> {
    await insertDocuments(this.model, corrections.map(toDocument));
  }

  async findOf(usageIds: readonly string[]): Promise<UsageCorrection[]> {
    const documents = await this.model
      .find({ usageId: { $in: usageIds } })
      .sort({ usageId: 1, number: 1 })
      .lean<CorrectionDocument[]>();
    return documents.map(toCorrection);
  }
}
