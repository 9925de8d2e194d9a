import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AuditTrail } from '@app/audit';
import { localAuthor, LOGGER, type Logger, Clock } from '@app/shared';
import type { Project } from './project.entity.js';
import { ProjectBelongings } from './project-belongings.js';

const SWEEP_MS = 60_000;
const BATCH = 20;

/** Removes deleted projects whose grace is over, with all that is theirs; their usage records stay. */
@Injectable()
export class ProjectSweep implements OnApplicationBootstrap, OnModuleDestroy {
  private timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly belongings: ProjectBelongings,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.run(), SWEEP_MS).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer ?? undefined);
  }

  /** Never throws: what fails now is due again the next time. */
  async run(): Promise<void> {
    const now = this.clock.now();
    try {
      for (const project of await this.belongings.findDue(now, BATCH)) {
        await this.remove(project, now);
      }
    } catch (error) {
      this.logger.warn({ err: error }, 'Deleted projects could not be removed; the next sweep tries again.');
    }
  }

  private remove(project: Project, now: number): Promise<void> {
    const { id } = project;
    const change = { action: 'project.remove', targetId: id, projectId: id, before: project };
    return this.audit.tell(localAuthor('gateway', now), change, () => this.belongings.remove(id));
  }
}
