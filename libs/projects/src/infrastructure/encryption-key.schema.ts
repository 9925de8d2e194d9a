import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';

@Schema({ collection: 'encryption_keys', versionKey: false, strict: 'throw' })
export class EncryptionKeyDocument {
  /** The fingerprint. */
  @Prop({ type: String })
  readonly _id!: string;
}

export const encryptionKeySchema = SchemaFactory.createForClass(EncryptionKeyDocument);
