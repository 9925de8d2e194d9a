import type { KeyedHash } from '@app/shared';
import type { AdminUser } from './admin-user.entity.js';

/** What may change of a user; a new key comes as its hash and its masked form. */
export type AdminUserChange = Partial<Pick<AdminUser, 'name' | 'role' | 'masked' | 'revokedAt'>> & {
  readonly hash?: KeyedHash;
};

/**
 * Storage port of the admin users and the keyed hashes of their keys; it never sees a key. It keeps its first name, since
 * stores note their migrations under it.
 */
export abstract class AdminKeyRepository {
  abstract insert(user: AdminUser, hash: KeyedHash): Promise<void>;
  abstract hasAny(): Promise<boolean>;
  abstract findById(id: string): Promise<AdminUser | null>;
  abstract findByHash(hash: string): Promise<AdminUser | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(limit: number, after?: string): Promise<AdminUser[]>;
  /**
   * Changes what is given and adds one to the version. False when that version is not there (any more), or when no other
   * owner with a key would be left; the two are one step, so that two owners cannot remove each other.
   */
  abstract update(id: string, version: number, change: AdminUserChange): Promise<boolean>;
  /** Gives the key with the one hash, if there is one, the other; the version stays. */
  abstract rehash(from: string, to: KeyedHash): Promise<void>;
  /** How many keys that work have a hash by another encryption key, or by one that nobody noted. */
  abstract countOfOthers(madeWith: string): Promise<number>;
  /** Notes who made the hashes of which nobody noted it. */
  abstract claimHashes(madeWith: string): Promise<void>;
}
