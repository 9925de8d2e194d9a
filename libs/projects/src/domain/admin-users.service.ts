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
  private readonly configured: string | null;

  constructor(
    private readonly users: AdminKeyRepository,
    private readonly secrets: Secrets,
    clock: Clock,
    config: Config,
  ) {
    this.known = new RecentCache(clock, CACHE);
    this.configured = config.adminKey === undefined ? null : secrets.hash(config.adminKey);
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

  /** Whether the key was somebody's within the last ten minutes; asks nobody. */
  remembers(presented: string): boolean {
    return this.known.remembers(this.secrets.hash(presented));
  }

  private async find(presented: string): Promise<KnownAdmin | null> {
    if (this.configured !== null && sameSecret(this.secrets.hash(presented), this.configured)) {
      const masked = presented.startsWith('ak_') ? maskKey(presented) : maskSecret(presented);
      return { id: 'configured', name: 'AI_GATEWAY_ADMIN_KEY', role: 'owner', masked, revokedAt: null };
    }
    return presented.startsWith('ak_') ? findKey(this.users, this.secrets, presented) : null;
  }
}
