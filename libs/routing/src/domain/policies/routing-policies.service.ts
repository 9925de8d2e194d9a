import { Injectable } from '@nestjs/common';
import { ProjectsService } from '@app/projects';
import { InvalidRequestError, NotFoundError, type Page, pageOf, type PageQuery } from '@app/shared';
import { KeptPolicies } from './kept-policies.js';
import type { RoutingPolicy } from './routing-policy.entity.js';

/** What projects have of policies. */
@Injectable()
export class RoutingPoliciesService {
  constructor(
    private readonly kept: KeptPolicies,
    private readonly projects: ProjectsService,
  ) {}

  /** @throws NotFoundError for an unknown project */
  async list(projectId: string, { limit, after }: PageQuery): Promise<Page<RoutingPolicy>> {
    await this.projects.get(projectId);
    return pageOf(await this.kept.list(projectId, limit + 1, after), limit);
  }

  /** @throws NotFoundError */
  async get(projectId: string, id: string): Promise<RoutingPolicy> {
    const policy = await this.kept.find(projectId, id);
    if (!policy) {
      throw new NotFoundError('Routing policy', id);
    }
    return policy;
  }

  /** All versions, newest first, also of one that was deleted; a page goes on behind a version. @throws NotFoundError */
  async versions(projectId: string, id: string, { limit, after }: PageQuery): Promise<Page<RoutingPolicy>> {
    const before = after === undefined ? Infinity : versionIn(after);
    const latest = (await this.kept.findDeleted(projectId, id)) ?? (await this.get(projectId, id));
    const versions = await this.kept.listBefore(latest, before, limit + 1);
    const data = versions.slice(0, limit);
    return { data, next: versions.length > limit ? String(data.at(-1)?.version) : null };
  }

  /** @throws NotFoundError */
  async version(latest: RoutingPolicy, version: number): Promise<RoutingPolicy> {
    const found = await this.kept.findVersion(latest, version);
    if (!found) {
      throw new NotFoundError('Version', String(version));
    }
    return found;
  }
}

function versionIn(after: string): number {
  if (!/^\d{1,9}$/.test(after)) {
    throw new InvalidRequestError('after must be `next` of the page before.', 'after');
  }
  return Number(after);
}
