import type { ProviderKey, SealedSecret, StoredProviderKey } from './provider-key.entity.js';

/** Storage port of the projects' own vendor keys. It sees envelopes, never a secret. */
export abstract class ProviderKeyRepository {
  abstract insert(key: StoredProviderKey): Promise<void>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<ProviderKey[]>;
  /** All of a project with their envelopes, latest first. */
  abstract findSealed(projectId: string): Promise<StoredProviderKey[]>;
  /** At most `limit` of all projects, by id, behind the one with the id `after`. */
  abstract listSealed(limit: number, after?: string): Promise<SealedSecret[]>;
  /** False when the envelope is not `from` any more. */
  abstract replaceEnvelope(id: string, from: string, to: string): Promise<boolean>;
  /** False when there was nothing to delete. */
  abstract delete(projectId: string, id: string): Promise<boolean>;
}
