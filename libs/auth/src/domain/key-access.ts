import { Injectable } from '@nestjs/common';
import { ApiKeysService, type ClientSecret, type KeyOwner, statusOf } from '@app/projects';
import { Clock, type LiveConfig, RecentCache } from '@app/shared';
import { InvalidApiKeyError, ProjectDeletedError, ProjectSuspendedError } from './auth.errors.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 10_000 };
const PROJECT_KEY = /^pk_[0-9a-f]{48}$/;

/** Who is behind a key that works. */
export interface Caller extends KeyOwner {
  /** What an ephemeral key was made for; absent for other keys. */
  readonly liveConfig?: LiveConfig;
}

/**
 * Who is behind a presented key. What the store said is fresh for a second, so that a revocation works within one, and
 * served stale only while the store is down.
 *
 * Nothing here compares a secret: the store is asked for the keyed hash (HMAC) of what was presented, and nobody
 * without the gateway's key can steer that hash, so the time of a look-up says nothing about stored keys.
 */
@Injectable()
export class KeyAccess {
  private readonly owners: RecentCache<KeyOwner>;
  /** Of ephemeral keys, by the id of the key that made them. */
  private readonly makers: RecentCache<KeyOwner>;

  constructor(
    private readonly apiKeys: ApiKeysService,
    private readonly clock: Clock,
  ) {
    this.owners = new RecentCache(clock, CACHE);
    this.makers = new RecentCache(clock, CACHE);
  }

  /** The caller, if the key was verified within the last second and works; else `resolve` tells. */
  peek(presented: string): Caller | undefined {
    if (!PROJECT_KEY.test(presented)) {
      return undefined;
    }
    const owner = this.owners.peek(presented);
    return owner && isOpen(owner) && this.isInForce(owner) ? owner : undefined;
  }

  /** Whether the store knew the key within the last ten minutes; asks nobody. */
  remembers(presented: string): boolean {
    return this.owners.remembers(presented);
  }

  /**
   * @throws InvalidApiKeyError (401) unknown, expired or revoked
   * @throws ProjectSuspendedError, ProjectDeletedError (403)
   * @throws StoreUnavailableError (503) the store is down and the key was not seen lately
   */
  async resolve(presented: string): Promise<Caller> {
    if (!PROJECT_KEY.test(presented)) {
      throw new InvalidApiKeyError();
    }
    const owner = await this.owners.get(presented, () => this.apiKeys.findOwner(presented));
    return this.checked(owner, new InvalidApiKeyError());
  }

  /**
   * Who made an ephemeral key, which may do what that one's may.
   *
   * @throws as `resolve`
   */
  async resolveMaker({ projectId, keyId, config }: ClientSecret): Promise<Caller> {
    const ask = (): Promise<KeyOwner | null> => this.apiKeys.findOwnerById(projectId, keyId);
    const owner = await this.makers.get(keyId, ask);
    return { ...this.checked(owner, new InvalidApiKeyError('session')), liveConfig: config };
  }

  private checked(owner: KeyOwner | null, invalid: InvalidApiKeyError): KeyOwner {
    if (!owner || !this.isInForce(owner)) {
      throw invalid;
    }
    if (!isOpen(owner)) {
      throw owner.project.deletesAt === null ? new ProjectSuspendedError() : new ProjectDeletedError();
    }
    return owner;
  }

  private isInForce({ apiKey }: KeyOwner): boolean {
    return statusOf(apiKey, this.clock.now()) === 'active';
  }
}

function isOpen({ project }: KeyOwner): boolean {
  return project.status === 'active' && project.deletesAt === null;
}
