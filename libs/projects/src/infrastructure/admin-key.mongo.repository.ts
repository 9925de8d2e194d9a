import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { KeyedHash } from '@app/shared';
import type { Model, QueryFilter } from 'mongoose';
import type { AdminUser } from '../domain/admin-user.entity.js';
import { type AdminUserChange, AdminKeyRepository } from '../domain/admin-key.repository.js';
import {
  type AdminKeyDocument,
  adminKeySchema,
  OWNERS,
  toDocument,
  toFields,
  toUser,
} from './admin-key.schema.js';
import { atVersion } from './stored-version.js';

type Filter = QueryFilter<AdminKeyDocument>;

const ATTEMPTS = 10;
/** Two who disturb each other wait differently long, in ms at most. */
const PAUSE_MS = 20;

export class AdminKeyMongoRepository extends AdminKeyRepository {
  static readonly schema = adminKeySchema;

  constructor(private readonly model: Model<AdminKeyDocument>) {
    super();
  }

  async insert(user: AdminUser, hash: KeyedHash): Promise<void> {
    await this.model.create(toDocument(user, hash));
  }

  async hasAny(): Promise<boolean> {
    return (await this.model.exists({})) !== null;
  }

  async findById(id: string): Promise<AdminUser | null> {
    const document = await this.model.findById(id).lean<AdminKeyDocument>();
    return document && toUser(document);
  }

  async findByHash(hash: string): Promise<AdminUser | null> {
    const document = await this.model.findOne({ hash }).lean<AdminKeyDocument>();
    return document && toUser(document);
  }

  async list(limit: number, after = ''): Promise<AdminUser[]> {
    const documents = await this.model
      .find({ _id: { $gt: after } })
      .sort({ _id: 1 })
      .limit(limit)
      .lean<AdminKeyDocument[]>();
    return documents.map(toUser);
  }

  async update(id: string, version: number, change: AdminUserChange): Promise<boolean> {
    const { role = 'owner', revokedAt = null } = change;
    const staysOwner = role === 'owner' && revokedAt === null;
    return staysOwner ? this.write({ _id: id }, version, change) : this.takeAway(id, version, change);
  }

  async rehash(from: string, { hash, madeWith }: KeyedHash): Promise<void> {
    await this.model.updateOne({ hash: from }, { $set: { hash, hashMadeWith: madeWith } });
  }

  countOfOthers(madeWith: string): Promise<number> {
    return this.model.countDocuments({ hashMadeWith: { $ne: madeWith }, revokedAt: null });
  }

  async claimHashes(madeWith: string): Promise<void> {
    await this.model.updateMany({ hashMadeWith: null }, { $set: { hashMadeWith: madeWith } });
  }

  /**
   * A change after which the user is no owner. MongoDB without transactions changes one document at a time, so whoever
   * takes an owner away writes a claim of their own to every owner, then looks whether there is another owner and all
   * carry the claim, and then takes the one away while it still carries it.
   *
   * Guaranteed, however many gateways do it and wherever one stops: an owner is left. For A to go by claim `a` and then
   * B, the last, by claim `b`, `b` must have been seen on A before `a` was written there, and `a` seen on B afterwards,
   * before A went. But `b` was complete by then, so it cannot lie on B again. A claim that stays behind means nothing.
   */
  private async takeAway(id: string, version: number, change: AdminUserChange): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const user = await this.model
        .findOne({ _id: id, version: atVersion(version) })
        .lean<AdminKeyDocument>();
      if (!user) {
        return false;
      }
      const { role, revokedAt } = toUser(user);
      if (role !== 'owner' || revokedAt !== null) {
        return this.write({ _id: id }, version, change);
      }
      const claim = randomUUID();
      await this.model.updateMany(OWNERS, { $set: { claim } });
      const owners = await this.model.find(OWNERS).lean<AdminKeyDocument[]>();
      if (!owners.some(({ _id }) => _id !== id)) {
        return false;
      }
      const areClaimed = owners.every(owner => owner.claim === claim);
      if (areClaimed && (await this.write({ _id: id, claim }, version, change))) {
        return true;
      }
      await delay(Math.random() * PAUSE_MS);
    }
    throw new Error('Others kept changing owners at the same time.');
  }

  private async write(filter: Filter, version: number, change: AdminUserChange): Promise<boolean> {
    const { matchedCount } = await this.model.updateOne(
      { ...filter, version: atVersion(version) },
      { $set: { ...toFields(change), version: version + 1 } },
    );
    return matchedCount === 1;
  }
}
