import { deleteExpiredDocuments, isDuplicateKey, SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import type { StoredAnswer } from '../domain/kept-answer.entity.js';
import { type Ending, KeptAnswerRepository } from '../domain/kept-answer.repository.js';
import { type KeptAnswerDocument, keptAnswerSchema, toStored } from './kept-answer.schema.js';

export class KeptAnswerMongoRepository extends KeptAnswerRepository {
  static readonly schema = keptAnswerSchema;
  private readonly sealed: SealedDocuments;

  constructor(private readonly model: Model<KeptAnswerDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
  }

  /** One that may not be taken does not match, and the id refuses the second document that `upsert` then wants to make. */
  async claim({ id, ...answer }: StoredAnswer, now: number): Promise<boolean> {
    try {
      await this.model.updateOne(
        { _id: id, $or: [{ expiresAt: { $lte: now } }, { leaseUntil: { $lt: now } }] },
        { $set: answer },
        { upsert: true },
      );
      return true;
    } catch (error) {
      if (isDuplicateKey(error)) {
        return false;
      }
      throw error;
    }
  }

  async findById(id: string, now: number): Promise<StoredAnswer | null> {
    const document = await this.model
      .findOne({ _id: id, expiresAt: { $gt: now } })
      .lean<KeptAnswerDocument>();
    return document ? toStored(document) : null;
  }

  async renewLease(id: string, callId: string, until: number): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, callId, state: 'running' },
      { $set: { leaseUntil: until } },
    );
    return matchedCount === 1;
  }

  async finish(id: string, callId: string, { state, envelope, expiresAt }: Ending): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, callId, state: 'running' },
      { $set: { state, envelope, expiresAt, leaseUntil: null } },
    );
    return matchedCount === 1;
  }

  async release(id: string, callId: string): Promise<void> {
    await this.model.deleteOne({ _id: id, callId, state: 'running' });
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredDocuments(this.model, now, limit);
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
