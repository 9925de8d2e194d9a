import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredAnswer } from '../domain/kept-answer.entity.js';

@Schema({ collection: 'idempotent_answers', versionKey: false, strict: 'throw' })
export class KeptAnswerDocument implements Omit<StoredAnswer, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly callId!: string;

  @Prop({ type: String })
  readonly state!: StoredAnswer['state'];

  /** Unix ms. */
  @Prop({ type: Number })
  readonly expiresAt!: number;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly leaseUntil!: number | null;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const keptAnswerSchema = SchemaFactory.createForClass(KeptAnswerDocument);
keptAnswerSchema.index({ expiresAt: 1 }, { name: 'idempotent_answers_by_expiry' }); // deleteExpired
keptAnswerSchema.index({ projectId: 1 }, { name: 'idempotent_answers_by_project' }); // deleteOf

export function toStored({ _id: id, ...answer }: KeptAnswerDocument): StoredAnswer {
  return { id, ...answer };
}
