import { Injectable } from '@nestjs/common';
import { NotFoundError, type Page, pageOf, type PageQuery } from '@app/shared';
import type { Project } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';

@Injectable()
export class ProjectsService {
  constructor(private readonly projects: ProjectRepository) {}

  async list({ limit, after }: PageQuery): Promise<Page<Project>> {
    return pageOf(await this.projects.list(limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Project> {
    const project = await this.projects.findById(id);
    if (!project) {
      throw new NotFoundError('Project', id);
    }
    return project;
  }
}
