import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredConversation } from '../domain/conversation.entity.js';

@Schema({ collection: 'conversations', versionKey: false, strict: 'throw' })
export class ConversationDocument implements Omit<StoredConversation, 'id' | 'length'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly expiresAt!: number;

  /** `length` is a word of Mongoose's own. */
  @Prop({ type: Number })
  readonly items!: number;

  @Prop({ type: Number })
  readonly bytes!: number;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const conversationSchema = SchemaFactory.createForClass(ConversationDocument);
conversationSchema.index({ expiresAt: 1 }, { name: 'conversations_by_expiry' }); // findExpired
conversationSchema.index({ projectId: 1, expiresAt: 1 }, { name: 'conversations_by_end' }); // shorten, deleteOf

export function toDocument({ id, length, ...conversation }: StoredConversation): ConversationDocument {
  return { _id: id, items: length, ...conversation };
}

export function toStored({ _id: id, items, ...conversation }: ConversationDocument): StoredConversation {
  return { id, length: items, ...conversation };
}
