import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock, NotFoundError, type Page, pageOf, type PageQuery } from '@app/shared';
import { ApiKeysService } from './api-keys.service.js';
import type { CreatedProject, Project, ProjectSettings } from './project.entity.js';
import { ProjectRepository } from './project.repository.js';

const DEFAULTS = { strict: false, annotate: true, fileLimitBytes: null };

@Injectable()
export class ProjectsService {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly apiKeys: ApiKeysService,
    private readonly clock: Clock,
  ) {}

  /** Creates a project and its first API key, which is returned here and never again. */
  async create(settings: Partial<ProjectSettings> & Pick<Project, 'name'>): Promise<CreatedProject> {
    const { name, strict, annotate, fileLimitBytes } = { ...DEFAULTS, ...given(settings) };
    const project: Project = {
      id: randomUUIDv7(),
      name,
      status: 'active',
      strict,
      annotate,
      fileLimitBytes,
      createdAt: new Date(this.clock.now()).toISOString(),
    };
    await this.projects.insert(project);
    const { key } = await this.apiKeys.issue(project.id, { name: 'first key' });
    return { ...project, apiKey: key };
  }

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

  /** @throws NotFoundError */
  async update(id: string, changes: Partial<ProjectSettings>): Promise<Project> {
    const changed = given(changes);
    if (Object.keys(changed).length > 0) {
      await this.projects.update(id, changed);
    }
    return this.get(id);
  }

  /** @throws NotFoundError */
  async suspend(id: string): Promise<Project> {
    await this.projects.setStatus(id, 'suspended');
    return this.get(id);
  }

  /** @throws NotFoundError */
  async activate(id: string): Promise<Project> {
    await this.projects.setStatus(id, 'active');
    return this.get(id);
  }
}

/** Without the fields that a body left out: a class instance has them as `undefined`. */
function given<Settings extends object>(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)) as Settings;
}
