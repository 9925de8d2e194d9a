import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, changeRecord, onLatest } from '@app/audit';
import { type Author, Config, ConflictError, given, InvalidRequestError } from '@app/shared';
import { ApiKeyChanges } from './api-key-changes.service.js';
import { CACHE_DEFAULTS } from './cache-defaults.js';
import { findProject } from './find-project.js';
import type { CreatedProject, Project, ProjectSettings } from './project.entity.js';
import { type ProjectChange, ProjectRepository } from './project.repository.js';
import { KEEPING_DEFAULTS } from './retention-settings.entity.js';

const DEFAULTS = {
  strict: false,
  annotate: true,
  bodyLimitBytes: null,
  fileLimitBytes: null,
  defaultChatModel: null,
  defaultTranscriptionModel: null,
  allowedVendors: null,
  requestsPerMinute: null,
  concurrentCalls: null,
  tokensPerMinute: null,
  ...CACHE_DEFAULTS,
  ...KEEPING_DEFAULTS,
  promptPasses: [],
};

/** Changes of projects. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class ProjectChanges {
  constructor(
    private readonly projects: ProjectRepository,
    private readonly apiKeys: ApiKeyChanges,
    private readonly audit: AuditTrail,
    private readonly config: Config,
  ) {}

  /** Creates a project and its first API key, which is returned here and never again. */
  async create(
    by: Author,
    settings: Partial<ProjectSettings> & Pick<Project, 'name'>,
  ): Promise<CreatedProject> {
    const project: Project = {
      id: randomUUIDv7(),
      status: 'active',
      ...DEFAULTS,
      ...given(settings),
      createdAt: new Date(by.at).toISOString(),
      deletesAt: null,
      version: 1,
    };
    assertEmbeddingModel(project);
    const { id } = project;
    await this.audit.tell(by, { action: 'project.create', targetId: id, projectId: id, after: project }, () =>
      this.projects.insert(project),
    );
    const { key } = await this.apiKeys.issue(by, id, { name: 'first key' });
    return { ...project, apiKey: key };
  }

  /** @throws NotFoundError, StaleVersionError */
  async update(by: Author, id: string, settings: Partial<ProjectSettings>): Promise<Project> {
    return this.change(by, id, 'project.update', () => given(settings));
  }

  /** Its keys are refused from now on. @throws NotFoundError, StaleVersionError */
  async suspend(by: Author, id: string): Promise<Project> {
    return this.change(by, id, 'project.suspend', () => ({ status: 'suspended' }));
  }

  /** @throws NotFoundError, StaleVersionError */
  async activate(by: Author, id: string): Promise<Project> {
    return this.change(by, id, 'project.activate', () => ({ status: 'active' }));
  }

  /**
   * Stops its keys at once. Until `deletesAt` it can be restored; then a sweep removes it. Deleted again, it keeps its
   * date.
   *
   * @throws NotFoundError, StaleVersionError
   */
  async delete(by: Author, id: string): Promise<Project> {
    const graceEnd = new Date(by.at + this.config.projectGraceMs).toISOString();
    return this.change(by, id, 'project.delete', ({ deletesAt }) => ({ deletesAt: deletesAt ?? graceEnd }));
  }

  /** @throws NotFoundError, StaleVersionError; ConflictError when it was not deleted, or its grace is over */
  async restore(by: Author, id: string): Promise<Project> {
    return this.change(by, id, 'project.restore', ({ deletesAt }) => {
      if (deletesAt === null) {
        throw new ConflictError('This project is not deleted.', 'project_not_deleted');
      }
      if (Date.parse(deletesAt) <= by.at) {
        throw new ConflictError('The time to restore this project is over.', 'project_grace_over');
      }
      return { deletesAt: null };
    });
  }

  private change(
    by: Author,
    id: string,
    action: string,
    changeOf: (project: Project) => ProjectChange,
  ): Promise<Project> {
    return onLatest(
      by,
      () => findProject(this.projects, id),
      before => {
        const change = changeOf(before);
        const after = { ...before, ...change };
        assertEmbeddingModel(after);
        const record = { action, projectId: id, before, after };
        return changeRecord(this.audit, by, record, () => this.projects.update(id, before.version, change));
      },
    );
  }
}

/** @throws InvalidRequestError (400) */
function assertEmbeddingModel({ semanticCache, semanticCacheModel }: Project): void {
  if (semanticCache !== 'off' && semanticCacheModel === null) {
    throw new InvalidRequestError(
      "'semanticCacheModel' must name the model that makes vectors of questions, such as openai/text-embedding-3-small, " +
        "unless 'semanticCache' is off.",
      'semanticCacheModel',
    );
  }
}
