import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { assertSeen, type Author, ConflictError, InvalidRequestError, newKey, Secrets } from '@app/shared';
import { type ApiKey, type ApiKeySettings, type IssuedApiKey, statusOf } from './api-key.entity.js';
import { type ApiKeyChange, ApiKeyRepository } from './api-key.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { changeRecord } from './change-record.js';
import { given } from './given.js';
import { maskKey } from './mask.js';

/** What is left out is not limited. */
export type NewApiKey = Partial<ApiKeySettings> & Pick<ApiKeySettings, 'name'>;

const UNLIMITED = {
  expiresAt: null,
  allowedEndpoints: null,
  allowedModels: null,
  allowedVendors: null,
  allowedAddresses: null,
};

/** Changes of API keys. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class ApiKeyChanges {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly secrets: Secrets,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Makes a key. It is returned here and never again; the store keeps its keyed hash.
   *
   * @throws NotFoundError for an unknown project
   * @throws InvalidRequestError when it would expire at once
   */
  async issue(by: Author, projectId: string, settings: NewApiKey): Promise<IssuedApiKey> {
    await this.apiKeys.requireProject(projectId);
    return this.insert(by, projectId, checkExpiry(settings, by.at));
  }

  /**
   * Changes what is given; every gateway knows it within a second.
   *
   * @throws NotFoundError, StaleVersionError; InvalidRequestError when it would expire at once
   */
  async update(
    by: Author,
    projectId: string,
    id: string,
    settings: Partial<ApiKeySettings>,
  ): Promise<ApiKey> {
    const key = await this.apiKeys.get(projectId, id);
    return this.change(by, key, 'api-key.update', checkExpiry(given(settings), by.at));
  }

  /**
   * Makes a key like this one, which then works for `overlapSeconds` more, so that nobody who uses it stands outside.
   *
   * @throws NotFoundError, StaleVersionError; ConflictError when the key does not work any more
   */
  async rotate(by: Author, projectId: string, id: string, overlapSeconds: number): Promise<IssuedApiKey> {
    const old = await this.apiKeys.get(projectId, id);
    assertSeen(by, old);
    if (old.status !== 'active') {
      throw new ConflictError(`This key is ${old.status}. Create a new one instead.`, 'key_not_active');
    }
    const { name, expiresAt, allowedEndpoints, allowedModels, allowedVendors, allowedAddresses } = old;
    const scope = { allowedEndpoints, allowedModels, allowedVendors, allowedAddresses };
    const issued = await this.insert(by, projectId, { name, expiresAt, ...scope });
    const overlapEnd = by.at + overlapSeconds * 1000;
    const end = expiresAt === null ? overlapEnd : Math.min(overlapEnd, Date.parse(expiresAt));
    await this.change(by, old, 'api-key.rotate', { expiresAt: new Date(end).toISOString() });
    return issued;
  }

  /** For good; every gateway refuses the key within a second. The first time counts. @throws NotFoundError, StaleVersionError */
  async revoke(by: Author, projectId: string, id: string): Promise<void> {
    const key = await this.apiKeys.get(projectId, id);
    const revokedAt = key.revokedAt ?? new Date(by.at).toISOString();
    await this.change(by, key, 'api-key.revoke', { revokedAt });
  }

  private async insert(by: Author, projectId: string, settings: NewApiKey): Promise<IssuedApiKey> {
    const key = newKey('pk');
    const stored = {
      id: randomUUIDv7(),
      projectId,
      masked: maskKey(key),
      ...UNLIMITED,
      ...given(settings),
      createdAt: new Date(by.at).toISOString(),
      revokedAt: null,
      lastUsedAt: null,
      version: 1,
    };
    const change = { action: 'api-key.create', targetId: stored.id, projectId, after: stored };
    await this.audit.tell(by, change, () => this.keys.insert(stored, this.secrets.hash(key)));
    return { ...stored, status: statusOf(stored, by.at), key };
  }

  private change(by: Author, before: ApiKey, action: string, change: ApiKeyChange): Promise<ApiKey> {
    const { id, projectId, version } = before;
    const changed = { ...before, ...change };
    const after = { ...changed, status: statusOf(changed, by.at) };
    return changeRecord(this.audit, by, { action, projectId, before, after }, () =>
      this.keys.update(id, version, change),
    );
  }
}

/** The settings with their expiry in UTC. */
function checkExpiry<Settings extends { readonly expiresAt?: string | null }>(
  settings: Settings,
  now: number,
): Settings {
  const { expiresAt } = settings;
  if (expiresAt === undefined || expiresAt === null) {
    return settings;
  }
  const time = Date.parse(expiresAt);
  if (!(time > now)) {
    throw new InvalidRequestError('expiresAt must be a time in the future.', 'expiresAt');
  }
  return { ...settings, expiresAt: new Date(time).toISOString() };
}
