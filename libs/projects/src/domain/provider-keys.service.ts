import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, NotFoundError, type Page, pageOf, type PageQuery, RecentCache, Secrets } from '@app/shared';
import { maskSecret } from './mask.js';
import { ProjectRepository } from './project.repository.js';
import { UnreadableProviderKeyError } from './projects.errors.js';
import type { ProviderKey, StoredProviderKey } from './provider-key.entity.js';
import { ProviderKeyRepository } from './provider-key.repository.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 10_000 };

export interface NewProviderKey {
  /** Id of the vendor. */
  readonly provider: string;
  readonly name: string;
  readonly apiKey: string;
}

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

  constructor(
    private readonly keys: ProviderKeyRepository,
    private readonly projects: ProjectRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {
    this.sealed = new RecentCache(clock, CACHE);
  }

  /** @throws NotFoundError for an unknown project */
  async create(projectId: string, { provider, name, apiKey }: NewProviderKey): Promise<ProviderKey> {
    await this.requireProject(projectId);
    const id = randomUUIDv7();
    const key: ProviderKey = {
      id,
      projectId,
      provider,
      name,
      masked: maskSecret(apiKey),
      createdAt: new Date(this.clock.now()).toISOString(),
    };
    await this.keys.insert({ ...key, envelope: this.secrets.encrypt(apiKey, id) });
    this.sealed.forget(projectId);
    return key;
  }

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<ProviderKey>> {
    await this.requireProject(projectId);
    return pageOf(await this.keys.list(projectId, limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  async delete(projectId: string, id: string): Promise<void> {
    const found = await this.keys.delete(projectId, id);
    this.sealed.forget(projectId);
    if (!found) {
      throw new NotFoundError('Provider key', id);
    }
  }

  /**
   * The project's latest key for a vendor, or null. A change is seen within a second by every gateway; what was known
   * lately goes on working while the store is down.
   *
   * @throws StoreUnavailableError
   * @throws UnreadableProviderKeyError
   */
  async secretOf(projectId: string, vendor: string): Promise<string | null> {
    const keys = await this.sealedOf(projectId);
    const key = keys.find(({ provider }) => provider === vendor);
    return key ? this.open(key) : null;
  }

  /** One chosen key of the project, or null. @throws as `secretOf` */
  async secretById(projectId: string, keyId: string): Promise<ProviderSecret | null> {
    const keys = await this.sealedOf(projectId);
    const key = keys.find(({ id }) => id === keyId);
    return key ? { provider: key.provider, secret: this.open(key) } : null;
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

  private async requireProject(id: string): Promise<void> {
    if (!(await this.projects.findById(id))) {
      throw new NotFoundError('Project', id);
    }
  }
}
