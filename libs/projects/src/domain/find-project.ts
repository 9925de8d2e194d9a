import { NotFoundError } from '@app/shared';
import type { Project } from './project.entity.js';
import type { ProjectRepository } from './project.repository.js';

/** @throws NotFoundError */
export async function findProject(projects: ProjectRepository, id: string): Promise<Project> {
  const project = await projects.findById(id);
  if (!project) {
    throw new NotFoundError('Project', id);
  }
  return project;
}
