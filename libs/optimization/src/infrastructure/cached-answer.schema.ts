import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredAnswer } from '../domain/cached-answer.repository.js';

@Schema({ collection: 'cached_answers', versionKey: false, strict: 'throw' })
export class CachedAnswerDocument implements Omit<StoredAnswer, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly namespace!: string;

  @Prop({ type: String })
  readonly model!: string;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly keptAt!: number;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly expiresAt!: number;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const cachedAnswerSchema = SchemaFactory.createForClass(CachedAnswerDocument);
cachedAnswerSchema.index({ expiresAt: 1 }, { name: 'cached_answers_by_expiry' }); // deleteExpired
cachedAnswerSchema.index({ projectId: 1 }, { name: 'cached_answers_by_project' }); // purge, deleteOf

export function toStored({ _id: id, ...answer }: CachedAnswerDocument): StoredAnswer {
  return { id, ...answer };
}
