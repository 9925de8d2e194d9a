import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import { toIso, toMs } from './iso-time.js';

type Time = 'createdAt' | 'expiresAt' | 'revokedAt';

@Schema({ collection: 'api_keys', versionKey: false, strict: 'throw' })
export class ApiKeyDocument implements Omit<StoredApiKey, 'id' | Time> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly projectId!: string;

  @Prop({ type: String })
  readonly name!: string;

  /** HMAC-SHA-256 of the key, hex. */
  @Prop({ type: String })
  readonly hash!: string;

  @Prop({ type: String })
  readonly masked!: string;

  /** Unix ms, as the next two. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly expiresAt!: number | null;

  @Prop({ type: Number })
  readonly revokedAt!: number | null;
}

export const apiKeySchema = SchemaFactory.createForClass(ApiKeyDocument);
apiKeySchema.index({ hash: 1 }, { name: 'api_keys_by_hash', unique: true }); // findByHash
apiKeySchema.index({ projectId: 1, _id: 1 }, { name: 'api_keys_by_project' }); // list

export function toDocument(key: StoredApiKey, hash: string): ApiKeyDocument {
  const { id, createdAt, expiresAt, revokedAt, ...rest } = key;
  return {
    _id: id,
    ...rest,
    hash,
    createdAt: Date.parse(createdAt),
    expiresAt: toMs(expiresAt),
    revokedAt: toMs(revokedAt),
  };
}

export function toApiKey(document: ApiKeyDocument): StoredApiKey {
  const { _id, hash: _, createdAt, expiresAt, revokedAt, ...rest } = document;
  return {
    id: _id,
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: toIso(expiresAt),
    revokedAt: toIso(revokedAt),
  };
}
