import type { StoredApiKey } from './api-key.entity.js';

/** Storage port of the projects' API keys. It sees keyed hashes, never a key. */
export abstract class ApiKeyRepository {
  abstract insert(key: StoredApiKey, hash: string): Promise<void>;
  abstract findById(projectId: string, id: string): Promise<StoredApiKey | null>;
  abstract findByHash(hash: string): Promise<StoredApiKey | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<StoredApiKey[]>;
  /** The first time counts: a key that is revoked already, and an unknown one, stay as they are. */
  abstract revoke(projectId: string, id: string, revokedAt: string): Promise<void>;
  /** Gives the key with the one hash, if there is one, the other. */
  abstract rehash(from: string, to: string): Promise<void>;
}
