import { Injectable } from '@nestjs/common';
import { ProjectDeletedError } from './policies.errors.js';
import { PolicyCheck } from './policy-check.js';
import type { PolicyDefinition } from './policy-definition.js';
import { RoutingPoliciesService } from './routing-policies.service.js';

/** Whether a project may have a policy. */
@Injectable()
export class PolicySoundness {
  constructor(
    private readonly policies: RoutingPoliciesService,
    private readonly check: PolicyCheck,
  ) {}

  /**
   * @throws NotFoundError for an unknown project, ProjectDeletedError (409) for one that is deleted;
   * InvalidRequestError (400) naming the first field that is wrong
   */
  async assert(projectId: string, definition: PolicyDefinition): Promise<void> {
    const { allowedVendors, deletesAt } = await this.policies.project(projectId);
    if (deletesAt !== null) {
      throw new ProjectDeletedError(projectId);
    }
    this.check.assertSound(definition, allowedVendors);
  }
}
