import type { Model } from 'mongoose';
import { headOf, type SealedRecord } from '../crypto/sealed-records.js';

interface SealedDocument {
  readonly _id: string;
  readonly projectId: string;
  readonly envelope: string;
}

// oxlint-disable-next-line typescript/no-explicit-any -- models are invariant; only what all of them have is asked for
type SealedModel = Model<any>;

/** The two questions of `SealedRecords`, for a collection of documents that have an envelope. */
export class SealedDocuments {
  constructor(private readonly model: SealedModel) {}

  async list(limit: number, after = ''): Promise<SealedRecord[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } }, { projectId: 1, envelope: 1 })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<SealedDocument[]>();
    return documents.map(({ _id: id, projectId, envelope }) => ({ id, projectId, envelope }));
  }

  async replace(id: string, from: string, to: string): Promise<boolean> {
    const { modifiedCount } = await this.model.updateOne(
      { _id: id, envelope: same(from) },
      { $set: { envelope: to } },
    );
    return modifiedCount === 1;
  }
}

/** A condition that an envelope is this one. */
function same(envelope: string): { readonly $regex: string } {
  return { $regex: `^${headOf(envelope).replaceAll(/[^\w-]/g, '\\$&')}` };
}
