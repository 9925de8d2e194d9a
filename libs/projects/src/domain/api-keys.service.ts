import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import {
  Clock,
  InvalidRequestError,
  newKey,
  NotFoundError,
  type Page,
  pageOf,
  type PageQuery,
  Secrets,
} from '@app/shared';
import { type ApiKey, type IssuedApiKey, statusOf, type StoredApiKey } from './api-key.entity.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { findKey } from './find-key.js';
import { maskKey } from './mask.js';
import type { Project } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';

export interface NewApiKey {
  readonly name: string;
  /** RFC 3339; absent or null means never. */
  readonly expiresAt?: string | null;
}

/** A key and the project that it opens, as stored: neither need be in force. */
export interface KeyOwner {
  readonly project: Project;
  readonly apiKey: StoredApiKey;
}

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly projects: ProjectRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /**
   * Makes a key. It is returned here and never again; the store keeps its keyed hash.
   *
   * @throws NotFoundError for an unknown project
   * @throws InvalidRequestError when it would expire at once
   */
  async issue(projectId: string, { name, expiresAt = null }: NewApiKey): Promise<IssuedApiKey> {
    await this.requireProject(projectId);
    const key = newKey('pk');
    const stored: StoredApiKey = {
      id: randomUUIDv7(),
      projectId,
      name,
      masked: maskKey(key),
      createdAt: new Date(this.clock.now()).toISOString(),
      expiresAt: expiresAt === null ? null : this.inFuture(expiresAt),
      revokedAt: null,
    };
    await this.keys.insert(stored, this.secrets.hash(key));
    return { ...this.withStatus(stored), key };
  }

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<ApiKey>> {
    await this.requireProject(projectId);
    const { data, next } = pageOf(await this.keys.list(projectId, limit + 1, after), limit);
    return { data: data.map(key => this.withStatus(key)), next };
  }

  /** Every gateway refuses the key within a second. @throws NotFoundError */
  async revoke(projectId: string, id: string): Promise<void> {
    await this.keys.revoke(projectId, id, new Date(this.clock.now()).toISOString());
    if (!(await this.keys.findById(projectId, id))) {
      throw new NotFoundError('API key', id);
    }
  }

  /** Whose key that is, or null. Revoked and expired keys are found too. */
  async findOwner(presented: string): Promise<KeyOwner | null> {
    const apiKey = await findKey(this.keys, this.secrets.hashes(presented));
    const project = apiKey && (await this.projects.findById(apiKey.projectId));
    return project && { project, apiKey };
  }

  private async requireProject(id: string): Promise<void> {
    if (!(await this.projects.findById(id))) {
      throw new NotFoundError('Project', id);
    }
  }

  private inFuture(text: string): string {
    const time = Date.parse(text);
    if (!(time > this.clock.now())) {
      throw new InvalidRequestError('expiresAt must be a time in the future.', 'expiresAt');
    }
    return new Date(time).toISOString();
  }

  private withStatus(key: StoredApiKey): ApiKey {
    return { ...key, status: statusOf(key, this.clock.now()) };
  }
}
