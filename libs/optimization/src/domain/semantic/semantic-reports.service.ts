import { Injectable } from '@nestjs/common';
import { ProjectsService } from '@app/projects';
import { SemanticCounts } from './semantic-counts.js';
import type { SemanticReport } from './semantic-report.entity.js';

/** Tells what the semantic cache does, or would do. */
@Injectable()
export class SemanticReports {
  constructor(
    private readonly counts: SemanticCounts,
    private readonly projects: ProjectsService,
  ) {}

  /** @throws NotFoundError */
  async of(projectId: string): Promise<SemanticReport> {
    await this.projects.get(projectId);
    return this.counts.report(projectId);
  }
}
