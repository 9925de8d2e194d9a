import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredTranscription } from '../domain/history/transcription-record.entity.js';

@Schema({ collection: 'transcriptions', versionKey: false, strict: 'throw' })
export class TranscriptionDocument implements Omit<StoredTranscription, 'id'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly keyId!: string;

  @Prop({ type: String })
  readonly task!: StoredTranscription['task'];

  @Prop({ type: String })
  readonly provider!: string;

  @Prop({ type: String })
  readonly fileHash!: string;

  @Prop({ type: Number })
  readonly seconds!: number | null;

  @Prop({ type: Number })
  readonly costNanoUsd!: number | null;

  @Prop({ type: Boolean })
  readonly cached!: boolean;

  /** Unix ms, as the next. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly expiresAt!: number;

  @Prop({ type: String })
  readonly envelope!: string;
}

export const transcriptionSchema = SchemaFactory.createForClass(TranscriptionDocument);
transcriptionSchema.index({ projectId: 1, _id: 1 }, { name: 'transcriptions_by_project' }); // list, deleteOf
transcriptionSchema.index({ projectId: 1, fileHash: 1, _id: 1 }, { name: 'transcriptions_by_file' }); // list of one file
transcriptionSchema.index({ expiresAt: 1 }, { name: 'transcriptions_by_expiry' }); // deleteExpired

export function toDocument({ id, ...record }: StoredTranscription): TranscriptionDocument {
  return { _id: id, ...record };
}

export function toStored({ _id: id, ...record }: TranscriptionDocument): StoredTranscription {
  return { id, ...record };
}
