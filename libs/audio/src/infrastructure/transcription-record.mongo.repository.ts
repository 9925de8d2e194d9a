import { deleteExpiredDocuments, OldDocuments, SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import type { StoredTranscription } from '../domain/history/transcription-record.entity.js';
import {
  type RecordOwner,
  type RecordPage,
  TranscriptionRecordRepository,
} from '../domain/history/transcription-record.repository.js';
import {
  toDocument,
  toStored,
  type TranscriptionDocument,
  transcriptionSchema,
} from './transcription-record.schema.js';

export class TranscriptionRecordMongoRepository extends TranscriptionRecordRepository {
  static readonly schema = transcriptionSchema;
  private readonly sealed: SealedDocuments;
  private readonly old: OldDocuments;

  constructor(private readonly model: Model<TranscriptionDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
    this.old = new OldDocuments(model);
  }

  async insert(record: StoredTranscription): Promise<void> {
    await this.model.create(toDocument(record));
  }

  async findById(owner: RecordOwner, id: string, now: number): Promise<StoredTranscription | null> {
    const document = await this.model
      .findOne({ ...owner, _id: id, expiresAt: { $gt: now } })
      .lean<TranscriptionDocument>();
    return document ? toStored(document) : null;
  }

  async list(
    owner: RecordOwner,
    { limit, after, fileHash }: RecordPage,
    now: number,
  ): Promise<StoredTranscription[]> {
    const documents = await this.model
      .find({
        ...owner,
        ...(fileHash !== undefined && { fileHash }),
        ...(after !== undefined && { _id: { $lt: after } }),
        expiresAt: { $gt: now },
      })
      .sort({ _id: -1 })
      .limit(limit)
      .lean<TranscriptionDocument[]>();
    return documents.map(toStored);
  }

  async delete(owner: RecordOwner, id: string, now: number): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ ...owner, _id: id, expiresAt: { $gt: now } });
    return deletedCount === 1;
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredDocuments(this.model, now, limit);
  }

  oldest(projectId?: string): Promise<number | null> {
    return this.old.oldest(projectId);
  }

  deleteOlder(projectId: string, id: string, limit: number): Promise<number> {
    return this.old.delete(projectId, id, limit);
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
}
