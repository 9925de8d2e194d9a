import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'encryption_keys', versionKey: false, strict: 'throw', id: false })
export class EncryptionKeyDocument {
  /** The fingerprint. */
  @Prop({ type: String })
  readonly _id!: string;

  /** As envelopes name it; documents from before have none. */
  @Prop({ type: String })
  readonly id?: string;
}

export const encryptionKeySchema = SchemaFactory.createForClass(EncryptionKeyDocument);
