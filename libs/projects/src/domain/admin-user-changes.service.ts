import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, changeRecord, onLatest } from '@app/audit';
import { type Author, ConflictError, given, newKey, Secrets } from '@app/shared';
import type { AdminUser, IssuedAdminUser } from './admin-user.entity.js';
import { type AdminUserChange, AdminKeyRepository } from './admin-key.repository.js';
import { AdminUsersService } from './admin-users.service.js';
import { maskKey } from './mask.js';
import { LastOwnerError } from './projects.errors.js';

/** Changes of admin users. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class AdminUserChanges {
  constructor(
    private readonly users: AdminKeyRepository,
    private readonly adminUsers: AdminUsersService,
    private readonly secrets: Secrets,
    private readonly audit: AuditTrail,
  ) {}

  /** Makes the first owner and shows the key this once. Null when there is one, or the configuration gives a key. */
  async ensureFirst(by: Author): Promise<string | null> {
    if (!(await this.adminUsers.isEmpty())) {
      return null;
    }
    const { key } = await this.create(by, { name: 'first owner', role: 'owner' });
    return key;
  }

  /** The key is returned here and never again. */
  async create(by: Author, { name, role }: Pick<AdminUser, 'name' | 'role'>): Promise<IssuedAdminUser> {
    const key = newKey('ak');
    const user: AdminUser = {
      id: randomUUIDv7(),
      name,
      role,
      masked: maskKey(key),
      createdAt: new Date(by.at).toISOString(),
      revokedAt: null,
      version: 1,
    };
    await this.audit.tell(
      by,
      { action: 'user.create', targetId: user.id, projectId: null, after: user },
      () => this.users.insert(user, this.secrets.keyedHash(key)),
    );
    return { ...user, key };
  }

  /** @throws NotFoundError, StaleVersionError, LastOwnerError */
  async update(
    by: Author,
    id: string,
    change: Partial<Pick<AdminUser, 'name' | 'role'>>,
  ): Promise<AdminUser> {
    return this.change(by, id, 'user.update', () => given(change));
  }

  /** A new key; the old one is refused within a second. @throws NotFoundError, StaleVersionError, ConflictError */
  async rotate(by: Author, id: string): Promise<IssuedAdminUser> {
    const key = newKey('ak');
    const user = await this.change(by, id, 'user.rotate', ({ revokedAt }) => {
      if (revokedAt !== null) {
        throw new ConflictError('The key of this user was revoked. Create a new user.', 'key_not_active');
      }
      return { masked: maskKey(key), hash: this.secrets.keyedHash(key) };
    });
    return { ...user, key };
  }

  /** The key is refused within a second, for good. @throws NotFoundError, StaleVersionError, LastOwnerError */
  async revoke(by: Author, id: string): Promise<void> {
    const now = new Date(by.at).toISOString();
    await this.change(by, id, 'user.revoke', ({ revokedAt }) => ({ revokedAt: revokedAt ?? now }));
  }

  private change(
    by: Author,
    id: string,
    action: string,
    changeOf: (user: AdminUser) => AdminUserChange,
  ): Promise<AdminUser> {
    return onLatest(
      by,
      () => this.adminUsers.get(id),
      before => {
        const change = changeOf(before);
        const { hash: _hash, ...shown } = change;
        const record = { action, projectId: null, before, after: { ...before, ...shown } };
        return changeRecord(this.audit, by, record, () => this.write(before, change));
      },
    );
  }

  /** @throws LastOwnerError when that, and not another version, is why the store refused */
  private async write({ id, version }: AdminUser, change: AdminUserChange): Promise<boolean> {
    const isMade = await this.users.update(id, version, change);
    if (!isMade && (await this.adminUsers.get(id)).version === version) {
      throw new LastOwnerError();
    }
    return isMade;
  }
}
