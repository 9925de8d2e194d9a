import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, changeRecord, onLatest } from '@app/audit';
import {
  type Author,
  ConflictError,
  given,
  InvalidRequestError,
  newKey,
  Secrets,
  StaleVersionError,
} from '@app/shared';
import {
  API_KEY_OPTIONS,
  type ApiKey,
  type ApiKeySettings,
  type IssuedApiKey,
  MAX_OVERLAP_SECONDS,
  statusOf,
  type StoredApiKey,
} from './api-key.entity.js';
import { type ApiKeyChange, ApiKeyRepository } from './api-key.repository.js';
import { ApiKeysService } from './api-keys.service.js';
import { maskKey } from './mask.js';

/** What is left out is not limited. */
export type NewApiKey = Partial<ApiKeySettings> & Pick<ApiKeySettings, 'name'>;

const UNLIMITED = {
  expiresAt: null,
  allowedEndpoints: null,
  allowedModels: null,
  allowedVendors: null,
  allowedAddresses: null,
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  fileLimitBytes: null,
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
   * @throws NotFoundError for an unknown project, ProjectDeletedError (409) for one that is deleted
   * @throws InvalidRequestError when it would expire at once
   */
  async issue(by: Author, projectId: string, settings: NewApiKey): Promise<IssuedApiKey> {
    await this.apiKeys.requireLiveProject(projectId);
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
    const change = checkExpiry(given(settings), by.at);
    return this.change(by, { projectId, id }, 'api-key.update', () => change);
  }

  /**
   * Makes a key like this one, which then works for `overlapSeconds` more, so that nobody who uses it stands outside.
   *
   * @throws NotFoundError, StaleVersionError; InvalidRequestError for an overlap of more than a week
   * @throws ConflictError when the key does not work any more, or was rotated before; ProjectDeletedError (409)
   */
  async rotate(by: Author, projectId: string, id: string, overlapSeconds: number): Promise<IssuedApiKey> {
    if (!(overlapSeconds >= 0 && overlapSeconds <= MAX_OVERLAP_SECONDS)) {
      throw new InvalidRequestError(
        `overlapSeconds must be from 0 to ${MAX_OVERLAP_SECONDS}, which is a week.`,
        'overlapSeconds',
      );
    }
    return onLatest(
      by,
      () => this.apiKeys.get(projectId, id),
      async old => {
        await this.apiKeys.requireLiveProject(projectId);
        await this.assertRotatable(old);
        return this.replace(by, old, overlapSeconds);
      },
    );
  }

  /** For good; every gateway refuses the key within a second. The first time counts. @throws NotFoundError, StaleVersionError */
  async revoke(by: Author, projectId: string, id: string): Promise<void> {
    const now = new Date(by.at).toISOString();
    await this.change(by, { projectId, id }, 'api-key.revoke', ({ revokedAt }) => ({
      revokedAt: revokedAt ?? now,
    }));
  }

  private async insert(by: Author, projectId: string, settings: NewApiKey): Promise<IssuedApiKey> {
    const key = newKey('pk');
    const stored = draft(by, projectId, key, settings);
    await this.tellNew(by, stored, () => this.keys.insert(stored, this.secrets.keyedHash(key)));
    return { ...stored, status: statusOf(stored, by.at), key };
  }

  /** The one that replaced it has the expiry that this one had: here it is the end of the overlap. */
  private async assertRotatable({ status, projectId, replacedBy }: ApiKey): Promise<void> {
    if (status !== 'active') {
      throw new ConflictError(`This key is ${status}. Create a new one instead.`, 'key_not_active');
    }
    if (replacedBy !== null && (await this.keys.findById(projectId, replacedBy))) {
      throw new ConflictError(
        `This key was rotated before, and the key '${replacedBy}' replaced it. Rotate that one, or create a new key.`,
        'key_rotated',
      );
    }
  }

  private async replace(by: Author, old: ApiKey, overlapSeconds: number): Promise<IssuedApiKey> {
    const { projectId, name, expiresAt } = old;
    const options = Object.fromEntries(API_KEY_OPTIONS.map(option => [option, old[option]]));
    const key = newKey('pk');
    const successor = draft(by, projectId, key, { name, ...options });
    const overlapEnd = by.at + overlapSeconds * 1000;
    const end = expiresAt === null ? overlapEnd : Math.min(overlapEnd, Date.parse(expiresAt));
    const change = { expiresAt: new Date(end).toISOString(), replacedBy: successor.id };
    await this.write(by, old, { action: 'api-key.rotate', change }, () =>
      this.tellNew(by, successor, async () => {
        if (!(await this.keys.replace(old, change.expiresAt, successor, this.secrets.keyedHash(key)))) {
          throw new StaleVersionError();
        }
        return true;
      }),
    );
    return { ...successor, status: statusOf(successor, by.at), key };
  }

  private tellNew<Result>(by: Author, key: StoredApiKey, make: () => Promise<Result>): Promise<Result> {
    const { id, projectId } = key;
    return this.audit.tell(by, { action: 'api-key.create', targetId: id, projectId, after: key }, make);
  }

  private change(
    by: Author,
    { projectId, id }: Pick<ApiKey, 'projectId' | 'id'>,
    action: string,
    changeOf: (key: ApiKey) => ApiKeyChange,
  ): Promise<ApiKey> {
    return onLatest(
      by,
      () => this.apiKeys.get(projectId, id),
      before => {
        const change = changeOf(before);
        return this.write(by, before, { action, change }, () => this.keys.update(id, before.version, change));
      },
    );
  }

  private write(
    by: Author,
    before: ApiKey,
    { action, change }: { readonly action: string; readonly change: Partial<StoredApiKey> },
    make: () => Promise<boolean>,
  ): Promise<ApiKey> {
    const { projectId } = before;
    const changed = { ...before, ...change };
    const after = { ...changed, status: statusOf(changed, by.at) };
    return changeRecord(this.audit, by, { action, projectId, before, after }, make);
  }
}

function draft(by: Author, projectId: string, key: string, settings: NewApiKey): StoredApiKey {
  return {
    id: randomUUIDv7(),
    projectId,
    masked: maskKey(key),
    ...UNLIMITED,
    ...given(settings),
    createdAt: new Date(by.at).toISOString(),
    revokedAt: null,
    replacedBy: null,
    lastUsedAt: null,
    version: 1,
  };
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
