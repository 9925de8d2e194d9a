import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredProviderKey } from '../domain/provider-key.entity.js';

@Schema({ collection: 'provider_keys', versionKey: false, strict: 'throw' })
export class ProviderKeyDocument implements Omit<StoredProviderKey, 'id' | 'createdAt'> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly provider!: string;

  @Prop({ type: String })
  readonly name!: string;

  @Prop({ type: String })
  readonly masked!: string;

  @Prop({ type: String })
  readonly envelope!: string;

  /** Unix ms. */
  @Prop({ type: Number })
  readonly createdAt!: number;
}

export const providerKeySchema = SchemaFactory.createForClass(ProviderKeyDocument);
providerKeySchema.index({ projectId: 1, _id: 1 }, { name: 'provider_keys_by_project' }); // list, findSealed

export function toDocument({ id, createdAt, ...key }: StoredProviderKey): ProviderKeyDocument {
  return { _id: id, ...key, createdAt: Date.parse(createdAt) };
}

export function toProviderKey({ _id, createdAt, ...document }: ProviderKeyDocument): StoredProviderKey {
  return { id: _id, ...document, createdAt: new Date(createdAt).toISOString() };
}
