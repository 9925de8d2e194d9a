import type { Project, ProjectSettings } from './project.entity.js';

/** Storage port. Each method is one question the gateway really asks; there is no generic `find`. */
export abstract class ProjectRepository {
  abstract insert(project: Project): Promise<void>;
  abstract findById(id: string): Promise<Project | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(limit: number, after?: string): Promise<Project[]>;
  /** Changes what is given; an unknown id changes nothing. */
  abstract update(id: string, changes: Partial<ProjectSettings>): Promise<void>;
  abstract setStatus(id: string, status: Project['status']): Promise<void>;
}
