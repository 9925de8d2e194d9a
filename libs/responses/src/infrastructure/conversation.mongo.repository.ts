import { SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import type { StoredConversation } from '../domain/conversation.entity.js';
import { ConversationRepository, type Growth } from '../domain/conversation.repository.js';
import {
  type ConversationDocument,
  conversationSchema,
  toDocument,
  toStored,
} from './conversation.schema.js';

export class ConversationMongoRepository extends ConversationRepository {
  static readonly schema = conversationSchema;
  private readonly sealed: SealedDocuments;

  constructor(private readonly model: Model<ConversationDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
  }

  async insert(conversation: StoredConversation): Promise<void> {
    await this.model.create(toDocument(conversation));
  }

  async findById(projectId: string, id: string, now: number): Promise<StoredConversation | null> {
    const document = await this.model
      .findOne({ _id: id, projectId, expiresAt: { $gt: now } })
      .lean<ConversationDocument>();
    return document && toStored(document);
  }

  async setEnvelope(projectId: string, id: string, envelope: string): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne({ _id: id, projectId }, { $set: { envelope } });
    return matchedCount === 1;
  }

  /** Guarded by the length that was read: whoever comes second reads again. */
  async grow(projectId: string, id: string, { items, bytes, expiresAt }: Growth): Promise<number | null> {
    for (;;) {
      const before = await this.model.findOne({ _id: id, projectId }).lean<ConversationDocument>();
      if (!before) {
        return null;
      }
      const { matchedCount } = await this.model.updateOne(
        { _id: id, projectId, items: before.items },
        { $inc: { items, bytes }, $set: { expiresAt } },
      );
      if (matchedCount === 1) {
        return before.items;
      }
    }
  }

  async delete(projectId: string, id: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: id, projectId });
    return deletedCount === 1;
  }

  async findExpired(now: number, limit: number): Promise<StoredConversation[]> {
    const documents = await this.model
      .find({ expiresAt: { $lte: now } })
      .sort({ expiresAt: 1 })
      .limit(limit)
      .lean<ConversationDocument[]>();
    return documents.map(toStored);
  }

  async shorten(projectId: string, expiresAt: number, limit: number): Promise<number> {
    const documents = await this.model
      .find({ projectId, expiresAt: { $gt: expiresAt } }, { _id: 1 })
      .limit(limit)
      .lean<{ _id: string }[]>();
    await this.model.updateMany({ _id: { $in: documents.map(({ _id }) => _id) } }, { $set: { expiresAt } });
    return documents.length;
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
