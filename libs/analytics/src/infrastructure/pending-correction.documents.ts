import type { mongo } from 'mongoose';
import { correctedHours, correctedLabelHours, type UsageHour } from '../domain/rollups/usage-hour.js';
import type { CorrectionDocument } from './correction.schema.js';
import { type AnyModel, UsageHourDocuments } from './usage-hour.documents.js';
import type { UsageDocument } from './usage.schema.js';

/** Of their records the rollups need only these. */
const OF_RECORD = {
  projectId: 1,
  keyId: 1,
  endUser: 1,
  tags: 1,
  endpoint: 1,
  provider: 1,
  modelUsed: 1,
  receivedAt: 1,
};

export type CorrectedBy = Pick<CorrectionDocument, 'usageId' | 'differenceNanoUsd'>;

/**
 * Brings corrections into the rollups. They are marked when they are added; then come the rollups, each of which keeps the mark
 * and so takes them once; then the marks go, first theirs. Whoever is killed between leaves marks, for `applyLeft`.
 */
export class PendingCorrections {
  private readonly rollups: UsageHourDocuments;
  private readonly labels: UsageHourDocuments;
  private readonly corrections: mongo.Collection<CorrectionDocument>;
  private readonly usage: mongo.Collection<UsageDocument>;

  constructor(model: AnyModel) {
    this.rollups = new UsageHourDocuments(model, 'usage_hours');
    this.labels = new UsageHourDocuments(model, 'usage_label_hours');
    const { db } = model;
    this.corrections = db.collection('usage_corrections') as unknown as mongo.Collection<CorrectionDocument>;
    this.usage = db.collection('usage') as unknown as mongo.Collection<UsageDocument>;
  }

  async apply(mark: string): Promise<void> {
    const pending = await this.corrections.find({ pending: mark }).toArray();
    if (pending.length === 0) {
      return;
    }
    const { hours, labels } = await this.hoursOf(pending);
    await this.rollups.addCorrections(hours, mark);
    await this.labels.addCorrections(labels, mark);
    await this.corrections.updateMany({ pending: mark }, { $unset: { pending: '' } });
    await this.rollups.forgetCorrections(hours, mark);
    await this.labels.forgetCorrections(labels, mark);
  }

  /** Of those that were added before then: nobody is at it any more. @param before Unix ms */
  async applyLeft(before: number): Promise<void> {
    const marks = await this.corrections.distinct('pending', {
      pending: { $exists: true },
      createdAt: { $lt: before },
    });
    for (const mark of marks) {
      await this.apply(String(mark));
    }
  }

  /** What they add to the rollups of their records, and to those by label. */
  async hoursOf(corrections: readonly CorrectedBy[]): Promise<{ hours: UsageHour[]; labels: UsageHour[] }> {
    const ids = corrections.map(({ usageId }) => usageId);
    const found = await this.usage.find({ _id: { $in: ids } }, { projection: OF_RECORD }).toArray();
    const records = new Map(found.map(record => [record._id, record]));
    const corrected = corrections.flatMap(({ usageId, differenceNanoUsd }) => {
      const record = records.get(usageId);
      return record ? [{ record, differenceNanoUsd }] : [];
    });
    return { hours: correctedHours(corrected), labels: correctedLabelHours(corrected) };
  }
}
