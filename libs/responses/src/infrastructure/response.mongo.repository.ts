import { deleteExpiredDocuments, OldDocuments, SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import type { StoredResponse } from '../domain/kept-response.entity.js';
import { type ResponseEnding, ResponseRepository } from '../domain/response.repository.js';
import { type ResponseDocument, responseSchema, toDocument, toStored } from './response.schema.js';

export class ResponseMongoRepository extends ResponseRepository {
  static readonly schema = responseSchema;
  private readonly sealed: SealedDocuments;
  private readonly old: OldDocuments;

  constructor(private readonly model: Model<ResponseDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
    this.old = new OldDocuments(model);
  }

  async insert(response: StoredResponse): Promise<void> {
    await this.model.create(toDocument(response));
  }

  async findById(projectId: string, id: string, now: number): Promise<StoredResponse | null> {
    const [found = null] = await this.findByIds(projectId, [id], now);
    return found;
  }

  async findByIds(projectId: string, ids: readonly string[], now: number): Promise<StoredResponse[]> {
    const documents = await this.model
      .find({ _id: { $in: ids }, projectId, expiresAt: { $gt: now } })
      .lean<ResponseDocument[]>();
    return documents.map(toStored);
  }

  async finish(id: string, { status, envelope, contextBytes }: ResponseEnding): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, status: 'in_progress' },
      { $set: { status, envelope, contextBytes, leaseUntil: null } },
    );
    return matchedCount === 1;
  }

  async renewLease(id: string, until: number): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { _id: id, status: 'in_progress' },
      { $set: { leaseUntil: until } },
    );
    return matchedCount === 1;
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, projectId });
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
