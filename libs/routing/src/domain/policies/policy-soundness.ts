import { Injectable } from '@nestjs/common';
import { ProjectsService } from '@app/projects';
import { PolicyCheck } from './policy-check.js';
import type { PolicyDefinition } from './policy-definition.js';

/** Whether a project may have a policy. */
@Injectable()
export class PolicySoundness {
  constructor(
    private readonly projects: ProjectsService,
    private readonly check: PolicyCheck,
  ) {}

  /**
   * @throws NotFoundError for an unknown project, ProjectDeletedError (409) for one that is deleted;
   * InvalidRequestError (400) naming the first field that is wrong
   */
  async assert(projectId: string, definition: PolicyDefinition): Promise<void> {
    const { allowedVendors } = await this.projects.getLive(projectId);
    this.check.assertSound(definition, allowedVendors);
  }
}
