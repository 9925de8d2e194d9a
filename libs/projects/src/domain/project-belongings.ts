import { Injectable } from '@nestjs/common';
import type { SealedRecords } from '@app/shared';
import { ApiKeyRepository } from './api-key.repository.js';
import { ProjectContents } from './project-contents.js';
import type { Project } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';
import { ProviderKeyRepository } from './provider-key.repository.js';

/** A project and everything that goes with it. */
@Injectable()
export class ProjectBelongings {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly apiKeys: ApiKeyRepository,
    private readonly providerKeys: ProviderKeyRepository,
    private readonly contents: ProjectContents,
  ) {}

  /** All that is sealed for projects. */
  get sealed(): readonly SealedRecords[] {
    return [this.providerKeys, ...this.contents.sealed];
  }

  findDue(now: number, limit: number): Promise<Project[]> {
    return this.projects.findDue(now, limit);
  }

  /** The project goes last: it is found again while anything of it is left. */
  async remove(projectId: string): Promise<void> {
    await this.apiKeys.deleteOf(projectId);
    await this.contents.deleteOf(projectId);
    await this.providerKeys.deleteOf(projectId);
    await this.projects.delete(projectId);
  }
}
