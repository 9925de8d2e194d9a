import { Injectable } from '@nestjs/common';
import {
  Clock,
  Config,
  NotFoundError,
  type Page,
  pageOf,
  type PageQuery,
  RecentCache,
  type Role,
  sameSecret,
  Secrets,
} from '@app/shared';
import type { AdminUser } from './admin-user.entity.js';
import { AdminKeyRepository } from './admin-key.repository.js';
import { findKey } from './find-key.js';
import { maskKey, maskSecret } from './mask.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 1000 };

/** Who holds an admin key. */
export interface AdminIdentity {
  /** `configured` is the owner of `AI_GATEWAY_ADMIN_KEY`, who is not stored. */
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  readonly masked: string;
}

type KnownAdmin = AdminIdentity & Pick<AdminUser, 'revokedAt'>;

@Injectable()
export class AdminUsersService {
  private readonly known: RecentCache<KnownAdmin>;
  private readonly configured: KnownAdmin | null;
  /** Of the configured key, by each encryption key. */
  private readonly configuredHashes: readonly string[];

  constructor(
    private readonly users: AdminKeyRepository,
    private readonly secrets: Secrets,
    clock: Clock,
    config: Config,
  ) {
    this.known = new RecentCache(clock, CACHE);
    this.configured = config.adminKey === undefined ? null : configuredAdmin(config.adminKey);
    this.configuredHashes = config.adminKey === undefined ? [] : secrets.hashes(config.adminKey);
  }

  /** Nobody could come in: no user is stored, and the configuration gives no key. */
  async isEmpty(): Promise<boolean> {
    return this.configured === null && !(await this.users.hasAny());
  }

  async list({ limit, after }: PageQuery): Promise<Page<AdminUser>> {
    return pageOf(await this.users.list(limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<AdminUser> {
    const user = await this.users.findById(id);
    if (!user) {
      throw new NotFoundError('User', id);
    }
    return user;
  }

  /**
   * Whose key that is, or null. A revocation is known within a second.
   *
   * @throws StoreUnavailableError when only the store could tell
   */
  async identify(presented: string): Promise<AdminIdentity | null> {
    const user = await this.known.get(this.secrets.hash(presented), () => this.find(presented));
    return user?.revokedAt === null ? user : null;
  }

  /**
   * The same of a key that was presented before, by the hash that it had then (`Secrets.hash`). Whoever has been given
   * another key, or whose key has moved to another encryption key since, is not found by it.
   *
   * @throws StoreUnavailableError when only the store could tell
   */
  async identifyHash(hash: string): Promise<AdminIdentity | null> {
    const user = await this.known.get(
      hash,
      async () => this.findConfigured(hash) ?? this.users.findByHash(hash),
    );
    return user?.revokedAt === null ? user : null;
  }

  /** Whether the key was somebody's within the last ten minutes; asks nobody. */
  remembers(presented: string): boolean {
    return this.known.remembers(this.secrets.hash(presented));
  }

  private async find(presented: string): Promise<KnownAdmin | null> {
    const configured = this.findConfigured(this.secrets.hash(presented));
    return configured ?? (presented.startsWith('ak_') ? findKey(this.users, this.secrets, presented) : null);
  }

  private findConfigured(hash: string): KnownAdmin | null {
    return this.configuredHashes.some(known => sameSecret(hash, known)) ? this.configured : null;
  }
}

function configuredAdmin(key: string): KnownAdmin {
  const masked = key.startsWith('ak_') ? maskKey(key) : maskSecret(key);
  return { id: 'configured', name: 'AI_GATEWAY_ADMIN_KEY', role: 'owner', masked, revokedAt: null };
}
