import type { AdminKey } from './admin-key.entity.js';

/** Storage port of the admin keys. It sees keyed hashes, never a key. */
export abstract class AdminKeyRepository {
  abstract insert(key: AdminKey, hash: string): Promise<void>;
  abstract hasAny(): Promise<boolean>;
  abstract findByHash(hash: string): Promise<AdminKey | null>;
  /** Gives the key with the one hash, if there is one, the other. */
  abstract rehash(from: string, to: string): Promise<void>;
}
