import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { Clock, localAuthor, LOGGER, type Logger, Sweep } from '@app/shared';
import type { Project } from './project.entity.js';
import { ProjectBelongings } from './project-belongings.js';

const BATCH = 20;

/** Removes deleted projects whose grace is over, with all that is theirs; their usage records stay. */
@Injectable()
export class ProjectSweep extends Sweep {
  constructor(
    private readonly belongings: ProjectBelongings,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @Inject(LOGGER) logger: Logger,
  ) {
    super(logger, 'Deleted projects could not be removed');
  }

  protected async sweep(): Promise<void> {
    const now = this.clock.now();
    for (const project of await this.belongings.findDue(now, BATCH)) {
      await this.remove(project, now);
    }
  }

  private remove(project: Project, now: number): Promise<void> {
    const { id } = project;
    const change = { action: 'project.remove', targetId: id, projectId: id, before: project };
    return this.audit.tell(localAuthor('gateway', now), change, () => this.belongings.remove(id));
  }
}
