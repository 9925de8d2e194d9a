import { Injectable } from '@nestjs/common';
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

  /** @throws NotFoundError for an unknown project; InvalidRequestError (400) naming the first field that is wrong */
  async assert(projectId: string, definition: PolicyDefinition): Promise<void> {
    const { allowedVendors } = await this.policies.project(projectId);
    this.check.assertSound(definition, allowedVendors);
  }
}
