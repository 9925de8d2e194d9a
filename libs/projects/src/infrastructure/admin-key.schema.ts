import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { AdminKey } from '../domain/admin-key.entity.js';

@Schema({ collection: 'admin_keys', versionKey: false, strict: 'throw' })
export class AdminKeyDocument implements Omit<AdminKey, 'id' | 'createdAt'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly name!: string;

  /** HMAC-SHA-256 of the key, hex. */
  @Prop({ type: String })
  readonly hash!: string;

  @Prop({ type: String })
  readonly masked!: string;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly createdAt!: number;
}

export const adminKeySchema = SchemaFactory.createForClass(AdminKeyDocument);
adminKeySchema.index({ hash: 1 }, { name: 'admin_keys_by_hash', unique: true }); // findByHash

export function toDocument({ id, createdAt, ...key }: AdminKey, hash: string): AdminKeyDocument {
  return { _id: id, ...key, hash, createdAt: Date.parse(createdAt) };
}

export function toAdminKey(document: AdminKeyDocument): AdminKey {
  const { _id, hash: _, createdAt, ...key } = document;
  return { id: _id, ...key, createdAt: new Date(createdAt).toISOString() };
}
