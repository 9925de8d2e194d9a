import { Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { ProjectsService } from '@app/projects';
import { type Author, given } from '@app/shared';
import { AnswerCache, type AnswersMeant } from './answer-cache.service.js';
import { QuestionIndex } from './semantic/question-index.js';

/** Forgets what is kept for projects; who had it forgotten is in the audit trail. */
@Injectable()
export class CachePurge {
  constructor(
    private readonly cache: AnswerCache,
    private readonly projects: ProjectsService,
    private readonly audit: AuditTrail,
    questions: QuestionIndex,
  ) {
    cache.onPurge(projectId => questions.forget(projectId)); // what is left is compared again when it is asked again
  }

  /** @returns how many answers it were. @throws NotFoundError, StoreUnavailableError (503) */
  async purge(by: Author, projectId: string, meant: AnswersMeant): Promise<number> {
    await this.projects.get(projectId);
    const { model, namespace, olderThanSeconds } = meant;
    const after = given({ model, namespace, olderThanSeconds });
    const change = { action: 'cache.purge', targetId: projectId, projectId, after };
    return this.audit.tell(by, change, async () => this.cache.purge(projectId, after));
  }
}
