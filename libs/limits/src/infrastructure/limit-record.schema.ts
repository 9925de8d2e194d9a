import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'limit_records', versionKey: false, strict: 'throw' })
export class LimitRecordDocument {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: Number })
  readonly version!: number;

  @Prop({ type: String })
  readonly content!: string;

  @Prop({ type: Number })
  readonly expiresAt!: number;
}

export const limitRecordSchema = SchemaFactory.createForClass(LimitRecordDocument);
limitRecordSchema.index({ expiresAt: 1 }, { name: 'limit_records_by_end' }); // deleteExpired
