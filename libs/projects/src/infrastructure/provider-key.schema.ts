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

  @Prop({ type: Boolean })
  readonly isDefault!: boolean;

  @Prop({ type: Number })
  readonly weight!: number;

  @Prop({ type: String })
  readonly status!: StoredProviderKey['status'];

  /** Unix ms. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly version!: number;
}

/** What documents from before these fields do not have. */
const ADDED = { isDefault: false, weight: 0, status: 'active', version: 1 } as const;

export const providerKeySchema = SchemaFactory.createForClass(ProviderKeyDocument);
providerKeySchema.index({ projectId: 1, _id: 1 }, { name: 'provider_keys_by_project' }); // list, findSealed, makeDefault, deleteOf

export function toDocument({ id, createdAt, ...key }: StoredProviderKey): ProviderKeyDocument {
  return { _id: id, ...key, createdAt: Date.parse(createdAt) };
}

export function toStored(document: ProviderKeyDocument): StoredProviderKey {
  const { _id, createdAt, ...key } = { ...ADDED, ...document };
  return { id: _id, ...key, createdAt: new Date(createdAt).toISOString() };
}
