import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { itemKey, type StoredItem } from '../domain/conversation.entity.js';

@Schema({ collection: 'conversation_items', versionKey: false, strict: 'throw' })
export class ConversationItemDocument implements Omit<StoredItem, 'id'> {
  /** Its `itemKey`. */
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly itemId!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly conversationId!: string;

  @Prop({ type: Number })
  readonly position!: number;

  @Prop({ type: Number })
  readonly bytes!: number;

  @Prop({ type: String })
  readonly provider!: string | null;

  @Prop({ type: String })
  readonly model!: string | null;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const conversationItemSchema = SchemaFactory.createForClass(ConversationItemDocument);
conversationItemSchema.index(
  { conversationId: 1, position: 1 },
  { name: 'conversation_items_by_position', unique: true },
); // list, deleteAll
conversationItemSchema.index({ projectId: 1 }, { name: 'conversation_items_by_project' }); // deleteOf

const NO_ROUTE = { provider: null, model: null };

export function toDocument({ id, ...item }: StoredItem): ConversationItemDocument {
  return { _id: itemKey(item.conversationId, id), itemId: id, ...item };
}

/** Items that were stored before had neither provider nor model. */
export function toStored({ _id, itemId, ...item }: ConversationItemDocument): StoredItem {
  return { ...NO_ROUTE, ...item, id: itemId };
}
