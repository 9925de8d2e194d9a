import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { KeyedHash } from '@app/shared';
import type { StoredApiKey } from '../domain/api-key.entity.js';
import type { ApiKeyChange } from '../domain/api-key.repository.js';
import { toIso, toMs } from './iso-time.js';

type Time = 'createdAt' | 'expiresAt' | 'revokedAt' | 'lastUsedAt';

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

  /** Fingerprint of the encryption key; absent in documents from before it was noted. */
  @Prop({ type: String })
  readonly hashMadeWith?: string;

  @Prop({ type: String })
  readonly masked!: string;

  @Prop({ type: [String], default: undefined })
  readonly allowedEndpoints!: string[] | null;

  @Prop({ type: [String], default: undefined })
  readonly allowedModels!: string[] | null;

  @Prop({ type: [String], default: undefined })
  readonly allowedVendors!: string[] | null;

  @Prop({ type: [String], default: undefined })
  readonly allowedAddresses!: string[] | null;

  @Prop({ type: Number })
  readonly requestsPerMinute!: number | null;

  @Prop({ type: Number })
  readonly concurrentCalls!: number | null;

  @Prop({ type: Number })
  readonly tokensPerMinute!: number | null;

  @Prop({ type: Number })
  readonly fileLimitBytes!: number | null;

  /** Unix ms, as the next three. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly expiresAt!: number | null;

  @Prop({ type: Number })
  readonly revokedAt!: number | null;

  @Prop({ type: Number })
  readonly lastUsedAt!: number | null;

  /** Id of the key that a rotation put in its place. */
  @Prop({ type: String })
  readonly replacedBy!: string | null;

  @Prop({ type: Number })
  readonly version!: number;
}

/** What documents from before these fields do not have. */
const ADDED = {
  allowedEndpoints: null,
  allowedModels: null,
  allowedVendors: null,
  allowedAddresses: null,
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  fileLimitBytes: null,
  lastUsedAt: null,
  replacedBy: null,
  version: 1,
};

export const apiKeySchema = SchemaFactory.createForClass(ApiKeyDocument);
apiKeySchema.index({ hash: 1 }, { name: 'api_keys_by_hash', unique: true }); // findByHash
apiKeySchema.index({ projectId: 1, _id: 1 }, { name: 'api_keys_by_project' }); // list, deleteOf

export function toDocument(key: StoredApiKey, { hash, madeWith }: KeyedHash): ApiKeyDocument {
  const { id, createdAt, expiresAt, revokedAt, lastUsedAt, ...rest } = key;
  return {
    _id: id,
    ...rest,
    hash,
    hashMadeWith: madeWith,
    createdAt: Date.parse(createdAt),
    expiresAt: toMs(expiresAt),
    revokedAt: toMs(revokedAt),
    lastUsedAt: toMs(lastUsedAt),
  };
}

export function toFields({ expiresAt, revokedAt, ...change }: ApiKeyChange): Partial<ApiKeyDocument> {
  return {
    ...change,
    ...(expiresAt !== undefined && { expiresAt: toMs(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: toMs(revokedAt) }),
  };
}

export function toApiKey(document: ApiKeyDocument): StoredApiKey {
  const {
    _id,
    hash: _,
    hashMadeWith: _madeWith,
    createdAt,
    expiresAt,
    revokedAt,
    lastUsedAt,
    ...rest
  } = { ...ADDED, ...document };
  return {
    id: _id,
    ...rest,
    createdAt: new Date(createdAt).toISOString(),
    expiresAt: toIso(expiresAt),
    revokedAt: toIso(revokedAt),
    lastUsedAt: toIso(lastUsedAt),
  };
}
