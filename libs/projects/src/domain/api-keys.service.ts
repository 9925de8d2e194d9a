import { Injectable } from '@nestjs/common';
import {
  Clock,
  NotFoundError,
  type Page,
  pageOf,
  type PageQuery,
  type RoutePermission,
  Secrets,
} from '@app/shared';
import { type ApiKey, statusOf, type StoredApiKey } from './api-key.entity.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { CallPermission } from './call-permission.js';
import { findKey } from './find-key.js';
import { findLiveProject, findProject } from './find-project.js';
import type { Project } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';

/** A key and the project that it opens, as stored: neither need be in force. */
export interface KeyOwner {
  readonly project: Project;
  readonly apiKey: StoredApiKey;
  /** Null when everything is allowed. */
  readonly permission: CallPermission | null;
}

@Injectable()
export class ApiKeysService {
  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly projects: ProjectRepository,
    private readonly secrets: Secrets,
    private readonly clock: Clock,
  ) {}

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<ApiKey>> {
    await findProject(this.projects, projectId);
    const { data, next } = pageOf(await this.keys.list(projectId, limit + 1, after), limit);
    return { data: data.map(key => this.withStatus(key)), next };
  }

  /**
   * Which vendors and models a call of the project may use: with that key, or else with one that may do everything.
   *
   * @throws NotFoundError, ProjectDeletedError (409)
   */
  async routePermission(projectId: string, keyId?: string): Promise<RoutePermission | null> {
    const project = await findLiveProject(this.projects, projectId);
    const key = keyId === undefined ? undefined : await this.keys.findById(projectId, keyId);
    if (key === null) {
      throw new NotFoundError('API key', keyId ?? '');
    }
    return CallPermission.of(project, key)?.route ?? null;
  }

  /** @throws NotFoundError */
  async get(projectId: string, id: string): Promise<ApiKey> {
    const key = await this.keys.findById(projectId, id);
    if (!key) {
      throw new NotFoundError('API key', id);
    }
    return this.withStatus(key);
  }

  /** Whose key that is, or null. Revoked and expired keys are found too. */
  async findOwner(presented: string): Promise<KeyOwner | null> {
    return this.withProject(await findKey(this.keys, this.secrets, presented));
  }

  /** The same of a key that is known already. */
  async findOwnerById(projectId: string, keyId: string): Promise<KeyOwner | null> {
    return this.withProject(await this.keys.findById(projectId, keyId));
  }

  /** @throws NotFoundError, ProjectDeletedError (409) */
  async requireLiveProject(id: string): Promise<void> {
    await findLiveProject(this.projects, id);
  }

  private async withProject(apiKey: StoredApiKey | null): Promise<KeyOwner | null> {
    const project = apiKey && (await this.projects.findById(apiKey.projectId));
    return project && { project, apiKey, permission: CallPermission.of(project, apiKey) };
  }

  private withStatus(key: StoredApiKey): ApiKey {
    return { ...key, status: statusOf(key, this.clock.now()) };
  }
}
