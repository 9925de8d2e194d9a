import { NotFoundError } from '@app/shared';
import type { Project } from './project.entity.js';
import type { ProjectRepository } from './project.repository.js';
import { ProjectDeletedError } from './projects.errors.js';

/** @throws NotFoundError */
export async function findProject(projects: ProjectRepository, id: string): Promise<Project> {
  const project = await projects.findById(id);
  if (!project) {
    throw new NotFoundError('Project', id);
  }
  return project;
}

/** One that can get something new. @throws NotFoundError, ProjectDeletedError (409) */
export async function findLiveProject(projects: ProjectRepository, id: string): Promise<Project> {
  const project = await findProject(projects, id);
  if (project.deletesAt !== null) {
    throw new ProjectDeletedError(id);
  }
  return project;
}
