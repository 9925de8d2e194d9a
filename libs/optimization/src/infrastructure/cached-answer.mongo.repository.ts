import { deleteExpiredDocuments } from '@app/shared';
import type { Model } from 'mongoose';
import {
  CachedAnswerRepository,
  type StoredAnswer,
  type StoredAnswersMeant,
} from '../domain/cached-answer.repository.js';
import { type CachedAnswerDocument, cachedAnswerSchema, toStored } from './cached-answer.schema.js';

export class CachedAnswerMongoRepository extends CachedAnswerRepository {
  static readonly schema = cachedAnswerSchema;

  constructor(private readonly model: Model<CachedAnswerDocument>) {
    super();
  }

  async find(projectId: string, id: string, now: number): Promise<StoredAnswer | null> {
    const document = await this.model
      .findOne({ _id: id, projectId, expiresAt: { $gt: now } })
      .lean<CachedAnswerDocument>();
    return document ? toStored(document) : null;
  }

  async save({ id, ...answer }: StoredAnswer): Promise<void> {
    await this.model.updateOne({ _id: id }, { $set: answer }, { upsert: true });
  }

  async delete(projectId: string, id: string): Promise<void> {
    await this.model.deleteOne({ _id: id, projectId });
  }

  async purge(projectId: string, { model, namespace, keptBefore }: StoredAnswersMeant): Promise<number> {
    const { deletedCount } = await this.model.deleteMany({
      projectId,
      ...(model !== undefined && { model }),
      ...(namespace !== undefined && { namespace }),
      ...(keptBefore !== undefined && { keptAt: { $lt: keptBefore } }),
    });
    return deletedCount;
  }

  deleteExpired(now: number, limit: number): Promise<number> {
    return deleteExpiredDocuments(this.model, now, limit);
  }

  async deleteOf(projectId: string): Promise<void> {
    await this.model.deleteMany({ projectId });
  }
}
