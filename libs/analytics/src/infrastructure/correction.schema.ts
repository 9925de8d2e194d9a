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

  /** Mark of those that were added together, while they may be missing in rollups. */
  @Prop({ type: String })
  readonly pending?: string;
}

export const correctionSchema = SchemaFactory.createForClass(CorrectionDocument);
correctionSchema.index({ usageId: 1, number: 1 }, { name: 'usage_corrections_by_usage' }); // findOf
correctionSchema.index({ receivedAt: 1 }, { name: 'usage_corrections_by_time' }); // mend of the rollups
/** Those that are to be added to rollups: nearly always none. */
correctionSchema.index(
  { pending: 1 },
  { name: 'usage_corrections_pending', partialFilterExpression: { pending: { $exists: true } } },
);

/** Money is a 64-bit integer in the store, so that sums made there stay exact. */
export type WrittenCorrection = Omit<CorrectionDocument, 'costNanoUsd' | 'differenceNanoUsd'> & {
  readonly costNanoUsd: mongo.Long;
  readonly differenceNanoUsd: mongo.Long;
};

export function toDocument({ id, ...correction }: UsageCorrection, pending: string): WrittenCorrection {
  return {
    _id: id,
    pending,
    ...correction,
    costNanoUsd: mongo.Long.fromNumber(correction.costNanoUsd),
    differenceNanoUsd: mongo.Long.fromNumber(correction.differenceNanoUsd),
  };
}

export function toCorrection({ _id, pending: _pending, ...document }: CorrectionDocument): UsageCorrection {
  return { id: _id, ...document };
}
