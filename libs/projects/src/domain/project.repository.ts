import type { Project } from './project.entity.js';

/** What may change of a project. */
export type ProjectChange = Partial<Omit<Project, 'id' | 'createdAt' | 'version'>>;

/** Storage port. Each method is one question the gateway really asks; there is no generic `find`. */
export abstract class ProjectRepository {
  abstract insert(project: Project): Promise<void>;
  abstract findById(id: string): Promise<Project | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(limit: number, after?: string): Promise<Project[]>;
  /** Changes what is given and adds one to the version. False when that version is not there (any more). */
  abstract update(id: string, version: number, change: ProjectChange): Promise<boolean>;
  /** At most `limit` whose grace is over: `deletesAt` at or before `now`, in Unix ms. */
  abstract findDue(now: number, limit: number): Promise<Project[]>;
  abstract delete(id: string): Promise<void>;
}
