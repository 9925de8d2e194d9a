import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, Config, newKey, RecentCache, sameSecret, Secrets } from '@app/shared';
import type { AdminKey } from './admin-key.entity.js';
import { AdminKeyRepository } from './admin-key.repository.js';
import { findKey } from './find-key.js';
import { maskKey } from './mask.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 1000 };

@Injectable()
export class AdminKeysService {
  private readonly known: RecentCache<AdminKey>;
  private readonly configured: string | null;

  constructor(
    private readonly keys: AdminKeyRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
    config: Config,
  ) {
    this.known = new RecentCache(clock, CACHE);
    this.configured = config.adminKey === undefined ? null : secrets.hash(config.adminKey);
  }

  /** Makes the first admin key and shows it this once. Null when one is stored, or the configuration gives it. */
  async ensureFirst(): Promise<string | null> {
    if (this.configured !== null || (await this.keys.hasAny())) {
      return null;
    }
    const key = newKey('ak');
    const stored = {
      id: randomUUIDv7(),
      name: 'first admin key',
      masked: maskKey(key),
      createdAt: new Date(this.clock.now()).toISOString(),
    };
    await this.keys.insert(stored, this.secrets.hash(key));
    return key;
  }

  /** @throws StoreUnavailableError when only the store could tell */
  async isAdmin(presented: string): Promise<boolean> {
    const hashes = this.secrets.hashes(presented);
    const [hash = ''] = hashes;
    if (this.configured !== null && sameSecret(hash, this.configured)) {
      return true;
    }
    return (
      presented.startsWith('ak_') && (await this.known.get(hash, () => findKey(this.keys, hashes))) !== null
    );
  }
}
