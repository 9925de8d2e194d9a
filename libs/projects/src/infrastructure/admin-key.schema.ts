import { Prop, Schema, SchemaFactory } from '@nestjs/mongoose';
import type { QueryFilter } from 'mongoose';
import type { KeyedHash } from '@app/shared';
import type { AdminUser } from '../domain/admin-user.entity.js';
import type { AdminUserChange } from '../domain/admin-key.repository.js';
import { toIso, toMs } from './iso-time.js';

type Time = 'createdAt' | 'revokedAt';

@Schema({ collection: 'admin_keys', versionKey: false, strict: 'throw' })
export class AdminKeyDocument implements Omit<AdminUser, 'id' | Time> {
  @Prop({ type: String })
  readonly _id!: string;

  @Prop({ type: String })
  readonly name!: string;

  @Prop({ type: String })
  readonly role!: AdminUser['role'];

  /** HMAC-SHA-256 of the key, hex. */
  @Prop({ type: String })
  readonly hash!: string;

  /** Fingerprint of the encryption key; absent in documents from before it was noted. */
  @Prop({ type: String })
  readonly hashMadeWith?: string;

  @Prop({ type: String })
  readonly masked!: string;

  /** Unix ms, as the next. */
  @Prop({ type: Number })
  readonly createdAt!: number;

  @Prop({ type: Number })
  readonly revokedAt!: number | null;

  @Prop({ type: Number })
  readonly version!: number;

  /** Of an owner: who was the last that set out to take an owner away. */
  @Prop({ type: String })
  readonly claim?: string;
}

/** What documents from before these fields do not have. Whoever had a key could do everything. */
const ADDED = { role: 'owner', revokedAt: null, version: 1 } as const;

/** Those who can let others in. Null also finds what is not there. */
export const OWNERS: QueryFilter<AdminKeyDocument> = { role: { $in: ['owner', null] }, revokedAt: null };

export const adminKeySchema = SchemaFactory.createForClass(AdminKeyDocument);
adminKeySchema.index({ hash: 1 }, { name: 'admin_keys_by_hash', unique: true }); // findByHash

export function toDocument(user: AdminUser, { hash, madeWith }: KeyedHash): AdminKeyDocument {
  const { id, createdAt, revokedAt, ...rest } = user;
  return {
    _id: id,
    ...rest,
    hash,
    hashMadeWith: madeWith,
    createdAt: Date.parse(createdAt),
    revokedAt: toMs(revokedAt),
  };
}

export function toFields({ revokedAt, hash, ...change }: AdminUserChange): Partial<AdminKeyDocument> {
  return {
    ...change,
    ...(hash && { hash: hash.hash, hashMadeWith: hash.madeWith }),
    ...(revokedAt !== undefined && { revokedAt: toMs(revokedAt) }),
  };
}

export function toUser(document: AdminKeyDocument): AdminUser {
  const {
    _id,
    hash: _,
    hashMadeWith: _madeWith,
    claim: _claim,
    createdAt,
    revokedAt,
    ...user
  } = { ...ADDED, ...document };
  return { id: _id, ...user, createdAt: new Date(createdAt).toISOString(), revokedAt: toIso(revokedAt) };
}
