import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, changeRecord, onLatest, orStale } from '@app/audit';
import { type Author, given, Secrets } from '@app/shared';
import { maskSecret } from './mask.js';
import type { ProviderKey } from './provider-key.entity.js';
import { type ProviderKeyChange, ProviderKeyRepository } from './provider-key.repository.js';
import { ProviderKeysService } from './provider-keys.service.js';

export interface NewProviderKey {
  /** Id of the vendor. */
  readonly provider: string;
  readonly name: string;
  readonly apiKey: string;
  /** Left out, it is the default when its vendor has none. */
  readonly isDefault?: boolean;
  /** 0 by default. */
  readonly weight?: number;
}

/** Changes of vendor keys. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class ProviderKeyChanges {
  constructor(
    private readonly keys: ProviderKeyRepository,
    private readonly providerKeys: ProviderKeysService,
    private readonly secrets: Secrets,
    private readonly audit: AuditTrail,
  ) {}

  /** @throws NotFoundError for an unknown project, ProjectDeletedError (409) for one that is deleted */
  async create(by: Author, projectId: string, key: NewProviderKey): Promise<ProviderKey> {
    await this.providerKeys.requireLiveProject(projectId);
    const { provider, name, apiKey, weight = 0 } = key;
    const { isDefault = !(await this.hasDefault(projectId, provider)) } = key;
    const id = randomUUIDv7();
    const created: ProviderKey = {
      id,
      projectId,
      provider,
      name,
      masked: maskSecret(apiKey),
      isDefault,
      weight,
      status: 'active',
      createdAt: new Date(by.at).toISOString(),
      version: 1,
    };
    const change = { action: 'provider-key.create', targetId: id, projectId, after: created };
    await this.audit.tell(by, change, () =>
      this.keys.insert({ ...created, envelope: this.secrets.encrypt(apiKey, id) }),
    );
    this.providerKeys.forget(projectId);
    return created;
  }

  /** @throws NotFoundError, StaleVersionError */
  async update(
    by: Author,
    projectId: string,
    id: string,
    change: Pick<ProviderKeyChange, 'name' | 'isDefault' | 'weight'>,
  ): Promise<ProviderKey> {
    return this.change(by, { projectId, id }, 'provider-key.update', given(change));
  }

  /** @throws NotFoundError, StaleVersionError */
  async activate(by: Author, projectId: string, id: string): Promise<ProviderKey> {
    return this.change(by, { projectId, id }, 'provider-key.activate', { status: 'active' });
  }

  /** Keeps the key, but uses it no more. @throws NotFoundError, StaleVersionError */
  async deactivate(by: Author, projectId: string, id: string): Promise<ProviderKey> {
    return this.change(by, { projectId, id }, 'provider-key.deactivate', { status: 'inactive' });
  }

  /** @throws NotFoundError, StaleVersionError */
  async delete(by: Author, projectId: string, id: string): Promise<void> {
    await onLatest(
      by,
      () => this.providerKeys.get(projectId, id),
      before => {
        const change = { action: 'provider-key.delete', targetId: id, projectId, before };
        return this.audit.tell(by, change, () => orStale(this.keys.delete(before)));
      },
    );
    this.providerKeys.forget(projectId);
  }

  private async change(
    by: Author,
    { projectId, id }: Pick<ProviderKey, 'projectId' | 'id'>,
    action: string,
    change: ProviderKeyChange,
  ): Promise<ProviderKey> {
    const changed = await onLatest(
      by,
      () => this.providerKeys.get(projectId, id),
      before => {
        const record = { action, projectId, before, after: { ...before, ...change } };
        return changeRecord(this.audit, by, record, () => this.keys.update(before, change));
      },
    );
    this.providerKeys.forget(projectId);
    return changed;
  }

  private async hasDefault(projectId: string, provider: string): Promise<boolean> {
    const keys = await this.keys.findSealed(projectId);
    return keys.some(key => key.provider === provider && key.isDefault);
  }
}
