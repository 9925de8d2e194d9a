import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { ProjectsService } from '@app/projects';
import { ProviderRegistry } from '@app/providers';
import { type Author, given } from '@app/shared';
import { AnswerCache, type AnswersMeant } from './answer-cache.service.js';
import { purgedModel } from './purged-model.js';

/** Forgets what is kept for projects; who had it forgotten is in the audit trail. */
@Injectable()
export class CachePurge {
  constructor(
    private readonly cache: AnswerCache,
    private readonly projects: ProjectsService,
    private readonly audit: AuditTrail,
    private readonly vendors: ProviderRegistry,
  ) {}

  /** @returns how many answers it were. @throws NotFoundError, InvalidRequestError (400), StoreUnavailableError (503) */
  async purge(by: Author, projectId: string, meant: AnswersMeant): Promise<number> {
    await this.projects.get(projectId);
    const { namespace, olderThanSeconds } = meant;
    const model = meant.model === undefined ? undefined : purgedModel(meant.model, this.vendors);
    const after = given({ model, namespace, olderThanSeconds });
    const change = { action: 'cache.purge', targetId: projectId, projectId, after };
    return this.audit.tell(by, change, async () => this.cache.purge(projectId, after));
  }
}
