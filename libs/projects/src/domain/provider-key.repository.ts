import { SealedRecords } from '@app/shared';
import type { ProviderKey, StoredProviderKey } from './provider-key.entity.js';

/** What may change of a vendor key. */
export type ProviderKeyChange = Partial<Pick<ProviderKey, 'name' | 'isDefault' | 'weight' | 'status'>>;

/** Storage port of the projects' own vendor keys. It sees envelopes, never a secret. */
export abstract class ProviderKeyRepository extends SealedRecords {
  readonly kind = 'provider keys';

  /** One that is the default takes that from the others of its vendor, whose version grows by one. */
  abstract insert(key: StoredProviderKey): Promise<void>;
  abstract findById(projectId: string, id: string): Promise<StoredProviderKey | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<ProviderKey[]>;
  /** All of a project with their envelopes, latest first. */
  abstract findSealed(projectId: string): Promise<StoredProviderKey[]>;
  /**
   * Changes what is given and adds one to the version; one that becomes the default takes that from the others of its
   * vendor, as `insert` does. False when that version is not there (any more).
   */
  abstract update(key: ProviderKey, change: ProviderKeyChange): Promise<boolean>;
  /** False when that version is not there (any more). */
  abstract delete(key: Pick<ProviderKey, 'id' | 'version'>): Promise<boolean>;
  /** Deletes all keys of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
