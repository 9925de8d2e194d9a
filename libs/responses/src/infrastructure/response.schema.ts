import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredResponse } from '../domain/kept-response.entity.js';

@Schema({ collection: 'responses', versionKey: false, strict: 'throw' })
export class ResponseDocument implements Omit<StoredResponse, 'id'> {
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

  @Prop({ type: String })
  readonly status!: StoredResponse['status'];

  @Prop({ type: String })
  readonly provider!: string;

  @Prop({ type: String })
  readonly model!: string;

  @Prop({ type: [String] })
  readonly ancestors!: string[];

  @Prop({ type: String })
  readonly conversationId!: string | null;

  @Prop({ type: Boolean })
  readonly background!: boolean;

  @Prop({ type: Number })
  readonly contextBytes!: number;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly leaseUntil!: number | null;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const responseSchema = SchemaFactory.createForClass(ResponseDocument);
responseSchema.index({ expiresAt: 1 }, { name: 'responses_by_expiry' }); // deleteExpired
responseSchema.index({ projectId: 1, _id: 1 }, { name: 'responses_by_age' }); // oldest, deleteOlder, deleteOf

export function toDocument({ id, ancestors, ...response }: StoredResponse): ResponseDocument {
  return { _id: id, ...response, ancestors: [...ancestors] };
}

export function toStored({ _id: id, ...response }: ResponseDocument): StoredResponse {
  return { id, ...response };
}
