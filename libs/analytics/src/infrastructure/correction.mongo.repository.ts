import { randomUUID } from 'node:crypto';
import type { Model } from 'mongoose';
import { CorrectionRepository } from '../domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';
import { type CorrectionDocument, correctionSchema, toCorrection, toDocument } from './correction.schema.js';
import { insertDocuments } from './insert-documents.js';
import { PendingCorrections } from './pending-correction.documents.js';

export class CorrectionMongoRepository extends CorrectionRepository {
  static readonly schema = correctionSchema;

  private readonly hours: PendingCorrections;

  constructor(private readonly model: Model<CorrectionDocument>) {
    super();
    this.hours = new PendingCorrections(model);
  }

  async insertMany(corrections: readonly UsageCorrection[]): Promise<void> {
    const mark = randomUUID();
    await insertDocuments(
      this.model,
      corrections.map(correction => toDocument(correction, mark)),
    );
    await this.hours.apply(mark);
  }

  async findOf(usageIds: readonly string[]): Promise<UsageCorrection[]> {
    const documents = await this.model
      .find({ usageId: { $in: usageIds } })
      .sort({ usageId: 1, number: 1 })
      .lean<CorrectionDocument[]>();
    return documents.map(toCorrection);
  }

  async deleteOf(usageIds: readonly string[]): Promise<void> {
    await this.model.deleteMany({ usageId: { $in: usageIds } });
  }
}
