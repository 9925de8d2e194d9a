import type { KeyedHash } from '@app/shared';
import type { ApiKeySettings, StoredApiKey } from './api-key.entity.js';

/** What may change of a key. */
export type ApiKeyChange = Partial<ApiKeySettings & Pick<StoredApiKey, 'revokedAt'>>;

/** Storage port of the projects' API keys. It sees keyed hashes, never a key. */
export abstract class ApiKeyRepository {
  abstract insert(key: StoredApiKey, hash: KeyedHash): Promise<void>;
  abstract findById(projectId: string, id: string): Promise<StoredApiKey | null>;
  abstract findByHash(hash: string): Promise<StoredApiKey | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<StoredApiKey[]>;
  /** Changes what is given and adds one to the version. False when that version is not there (any more). */
  abstract update(id: string, version: number, change: ApiKeyChange): Promise<boolean>;
  /**
   * Puts a new key in the place of an old one, which works until `endsAt` then and knows who replaced it. False, and
   * nothing is done, when the old one has another version by now. Where a store without transactions fails half-way, the
   * old one keeps its expiry.
   */
  abstract replace(
    old: StoredApiKey,
    endsAt: string,
    successor: StoredApiKey,
    hash: KeyedHash,
  ): Promise<boolean>;
  /** Notes a use, in Unix ms; an earlier one than is known changes nothing, and the version stays. */
  abstract touch(id: string, usedAt: number): Promise<void>;
  /** Gives the key with the one hash, if there is one, the other; the version stays. */
  abstract rehash(from: string, to: KeyedHash): Promise<void>;
  /** How many keys that work at a moment, in Unix ms, have a hash by another encryption key, or by one that nobody noted. */
  abstract countOfOthers(madeWith: string, now: number): Promise<number>;
  /** Notes who made the hashes of which nobody noted it. */
  abstract claimHashes(madeWith: string): Promise<void>;
  /** Deletes all keys of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
