import { SealedDocuments, type SealedRecord } from '@app/shared';
import type { Model } from 'mongoose';
import { itemKey, type StoredItem } from '../domain/conversation.entity.js';
import { ConversationItemRepository, type ItemPage } from '../domain/conversation-item.repository.js';
import type { AnsweredBy } from '../domain/kept-response.entity.js';
import {
  type ConversationItemDocument,
  conversationItemSchema,
  toDocument,
  toStored,
} from './conversation-item.schema.js';

export class ConversationItemMongoRepository extends ConversationItemRepository {
  static readonly schema = conversationItemSchema;
  private readonly sealed: SealedDocuments;

  constructor(private readonly model: Model<ConversationItemDocument>) {
    super();
    this.sealed = new SealedDocuments(model);
  }

  async insertMany(items: readonly StoredItem[]): Promise<void> {
    await this.model.insertMany(items.map(toDocument));
  }

  async find(conversationId: string, id: string): Promise<StoredItem | null> {
    const document = await this.model
      .findOne({ _id: itemKey(conversationId, id) })
      .lean<ConversationItemDocument>();
    return document && toStored(document);
  }

  async list(conversationId: string, { order, limit, after }: ItemPage): Promise<StoredItem[]> {
    const behind = order === 'asc' ? { $gt: after } : { $lt: after };
    const documents = await this.model
      .find({ conversationId, ...(after !== undefined && { position: behind }) })
      .sort({ position: order })
      .limit(limit)
      .lean<ConversationItemDocument[]>();
    return documents.map(toStored);
  }

  async findRoutes(conversationId: string): Promise<AnsweredBy[]> {
    const groups = await this.model.aggregate<{ _id: AnsweredBy }>([
      { $match: { conversationId, provider: { $ne: null } } },
      { $group: { _id: { provider: '$provider', model: '$model' } } },
    ]);
    return groups.map(({ _id }) => _id);
  }

  async delete(conversationId: string, id: string): Promise<boolean> {
    const { deletedCount } = await this.model.deleteOne({ _id: itemKey(conversationId, id) });
    return deletedCount === 1;
  }

  async deleteAll(conversationId: string): Promise<void> {
    await this.model.deleteMany({ conversationId });
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
