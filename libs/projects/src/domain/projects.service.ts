import { Injectable } from '@nestjs/common';
import { type Page, pageOf, type PageQuery } from '@app/shared';
import { findLiveProject, findProject } from './find-project.js';
import type { Project } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';

@Injectable()
export class ProjectsService {
  constructor(private readonly projects: ProjectRepository) {}

  async list({ limit, after }: PageQuery): Promise<Page<Project>> {
    return pageOf(await this.projects.list(limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  get(id: string): Promise<Project> {
    return findProject(this.projects, id);
  }

  /** One that is not deleted. @throws NotFoundError, ProjectDeletedError (409) */
  getLive(id: string): Promise<Project> {
    return findLiveProject(this.projects, id);
  }
}
