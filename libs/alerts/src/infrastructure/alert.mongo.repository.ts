import type { Model } from 'mongoose';
import { SealedDocuments, type SealedRecord } from '@app/shared';
import type { Alert, StoredAlert } from '../domain/alert.entity.js';
import { AlertRepository } from '../domain/alert.repository.js';
import { type AlertDocument, alertSchema, fromDocument, toDocument } from './alert.schema.js';

export class AlertMongoRepository extends AlertRepository {
  static readonly schema = alertSchema;
  private readonly sealed: SealedDocuments;

  constructor(private readonly model: Model<AlertDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
  }

  async insert(alert: StoredAlert): Promise<void> {
    await this.model.create(toDocument(alert));
  }

  async findById(id: string): Promise<StoredAlert | null> {
    const document = await this.model.findById(id).lean<AlertDocument>();
    return document && fromDocument(document);
  }

  async list(limit: number, after = ''): Promise<StoredAlert[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<AlertDocument[]>();
    return documents.map(fromDocument);
  }

  async idsOf(projectId: string): Promise<string[]> {
    const documents = await this.model
      .find({ projectId }, { _id: 1 })
      .sort({ _id: 1 })
      .lean<Pick<AlertDocument, '_id'>[]>();
    return documents.map(({ _id }) => _id);
  }

  async replace(alert: StoredAlert): Promise<boolean> {
    const { _id, ...fields } = toDocument(alert);
    const { matchedCount } = await this.model.updateOne(
      { _id, version: alert.version - 1 },
      { $set: fields },
    );
    return matchedCount === 1;
  }

  async delete({ id, version }: Pick<Alert, 'id' | 'version'>): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, version });
    return deletedCount === 1;
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }

  listSealed(limit: number, after?: string): Promise<SealedRecord[]> {
    return this.sealed.list(limit, after);
  }

  replaceEnvelope(id: string, from: string, to: string): Promise<boolean> {
    return this.sealed.replace(id, from, to);
  }
}
