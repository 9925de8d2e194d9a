import { Injectable } from '@nestjs/common';
import { Clock, NotFoundError, type Page, pageOf, type PageQuery, RecentCache, Secrets } from '@app/shared';
import { findLiveProject, findProject } from './find-project.js';
import { type OpenedProviderKey, openedKeys } from './opened-keys.js';
import { ProjectRepository } from './project.repository.js';
import { UnreadableProviderKeyError } from './projects.errors.js';
import type { ProviderKey, StoredProviderKey } from './provider-key.entity.js';
import { ProviderKeyRepository } from './provider-key.repository.js';

const NONE: readonly OpenedProviderKey[] = [];
const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 10_000 };

/** A vendor's key in the clear: for the vendor's ears only. */
export interface ProviderSecret {
  /** Id of the vendor. */
  readonly provider: string;
  readonly secret: string;
}

@Injectable()
export class ProviderKeysService {
  /** By project, also "it has none": asked on every call. */
  private readonly sealed: RecentCache<readonly StoredProviderKey[]>;
  private readonly opened = new WeakMap<StoredProviderKey, string>();
  private readonly byVendor = new WeakMap<
    readonly StoredProviderKey[],
    Map<string, readonly OpenedProviderKey[]>
  >();

  constructor(
    private readonly keys: ProviderKeyRepository,
    private readonly projects: ProjectRepository,
    private readonly secrets: Secrets,
    clock: Clock,
  ) {
    this.sealed = new RecentCache(clock, CACHE);
  }

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<ProviderKey>> {
    await findProject(this.projects, projectId);
    return pageOf(await this.keys.list(projectId, limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  async get(projectId: string, id: string): Promise<ProviderKey> {
    const { envelope: _envelope, ...shown } = await this.find(projectId, id);
    return shown;
  }

  /**
   * The project's active keys for a vendor, the largest share of the calls first; empty when it has none. A change is
   * seen within a second by every gateway; what was known lately goes on working while the store is down.
   *
   * @throws StoreUnavailableError
   * @throws UnreadableProviderKeyError when there are some, and none can be opened
   */
  async keysOf(projectId: string, vendor: string): Promise<readonly OpenedProviderKey[]> {
    return this.openedIn(await this.sealedOf(projectId), vendor);
  }

  /** The same at once, when the store was asked within the last second; else undefined. */
  peekKeysOf(projectId: string, vendor: string): readonly OpenedProviderKey[] | undefined {
    const keys = this.sealed.peek(projectId);
    return keys && this.openedIn(keys, vendor);
  }

  /** The first of these, or null. @throws as `keysOf` */
  async secretOf(projectId: string, vendor: string): Promise<string | null> {
    return firstOf(await this.keysOf(projectId, vendor));
  }

  /** The same at once, when the store was asked within the last second; else undefined. */
  peekSecretOf(projectId: string, vendor: string): string | null | undefined {
    const keys = this.peekKeysOf(projectId, vendor);
    return keys && firstOf(keys);
  }

  /** One chosen active key of the project, or null. @throws as `secretOf` */
  async secretById(projectId: string, keyId: string): Promise<ProviderSecret | null> {
    const keys = await this.sealedOf(projectId);
    const key = keys.find(({ id, status }) => id === keyId && status === 'active');
    return key ? { provider: key.provider, secret: this.open(key) } : null;
  }

  /** One key of the project as it is stored now, active or not. @throws NotFoundError, UnreadableProviderKeyError */
  async storedSecret(projectId: string, keyId: string): Promise<ProviderSecret> {
    const key = await this.find(projectId, keyId);
    return { provider: key.provider, secret: this.decrypt(key) };
  }

  /** The next call of that project asks the store. */
  forget(projectId: string): void {
    this.sealed.forget(projectId);
  }

  /** @throws NotFoundError, ProjectDeletedError (409) */
  async requireLiveProject(id: string): Promise<void> {
    await findLiveProject(this.projects, id);
  }

  private async find(projectId: string, id: string): Promise<StoredProviderKey> {
    const key = await this.keys.findById(projectId, id);
    if (!key) {
      throw new NotFoundError('Provider key', id);
    }
    return key;
  }

  /** Made once for each list that the store gave. */
  private openedIn(keys: readonly StoredProviderKey[], vendor: string): readonly OpenedProviderKey[] {
    if (keys.length === 0) {
      return NONE;
    }
    let byVendor = this.byVendor.get(keys);
    if (!byVendor) {
      byVendor = new Map();
      this.byVendor.set(keys, byVendor);
    }
    let opened = byVendor.get(vendor);
    if (!opened) {
      opened = openedKeys(keys, vendor, key => this.open(key));
      byVendor.set(vendor, opened);
    }
    return opened;
  }

  private async sealedOf(projectId: string): Promise<readonly StoredProviderKey[]> {
    return (
      this.sealed.peek(projectId) ??
      (await this.sealed.get(projectId, () => this.keys.findSealed(projectId))) ??
      []
    );
  }

  private open(key: StoredProviderKey): string {
    let secret = this.opened.get(key);
    if (secret === undefined) {
      secret = this.decrypt(key);
      this.opened.set(key, secret);
    }
    return secret;
  }

  private decrypt({ id, provider, envelope }: StoredProviderKey): string {
    try {
      return this.secrets.decrypt(envelope, id);
    } catch (error) {
      throw new UnreadableProviderKeyError(provider, error);
    }
  }
}

function firstOf(keys: readonly OpenedProviderKey[]): string | null {
  return keys[0]?.secret ?? null;
}
