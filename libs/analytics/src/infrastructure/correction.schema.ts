import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import { mongo } from 'mongoose';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';

@Schema({ collection: 'usage_corrections', versionKey: false, strict: 'throw' })
export class CorrectionDocument implements Omit<UsageCorrection, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly usageId!: string;

  @Prop({ type: Number })
  readonly number!: number;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly keyId!: string;

  @Prop({ type: String })
  readonly provider!: string | null;

  @Prop({ type: String })
  readonly model!: string | null;

  @Prop({ type: String })
  readonly fromVersion!: string | null;

  @Prop({ type: String })
  readonly toVersion!: string;

  @Prop({ type: Number })
  readonly costNanoUsd!: number;

  @Prop({ type: Number })
  readonly differenceNanoUsd!: number;

  @Prop({ type: String })
  readonly authorId!: string;

  @Prop({ type: String })
  readonly authorName!: string;

  @Prop({ type: Number })
  readonly receivedAt!: number;

  @Prop({ type: Number })
  readonly createdAt!: number;
}

export const correctionSchema = SchemaFactory.createForClass(CorrectionDocument);
correctionSchema.index({ usageId: 1, number: 1 }, { name: 'usage_corrections_by_usage' }); // findOf

/** Money is a 64-bit integer in the store, so that sums made there stay exact. */
export type WrittenCorrection = Omit<CorrectionDocument, 'costNanoUsd' | 'differenceNanoUsd'> & {
  readonly costNanoUsd: mongo.Long;
  readonly differenceNanoUsd: mongo.Long;
};

export function toDocument({ id, ...correction }: UsageCorrection): WrittenCorrection {
  return {
    _id: id,
    ...correction,
    costNanoUsd: mongo.Long.fromNumber(correction.costNanoUsd),
    differenceNanoUsd: mongo.Long.fromNumber(correction.differenceNanoUsd),
  };
}

export function toCorrection({ _id, ...document }: CorrectionDocument): UsageCorrection {
  return { id: _id, ...document };
}
