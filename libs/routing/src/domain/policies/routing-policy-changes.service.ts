import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { AuditTrail, onLatest, orStale } from '@app/audit';
import { assertSeen, type Author, given } from '@app/shared';
import { KeptPolicies } from './kept-policies.js';
import { PolicyNameTakenError, TooManyPoliciesError } from './policies.errors.js';
import {
  completed,
  definitionOf,
  merged,
  type NewPolicy,
  type PolicyDefinition,
  type PolicyPatch,
} from './policy-definition.js';
import { PolicySoundness } from './policy-soundness.js';
import { RoutingPoliciesService } from './routing-policies.service.js';
import type { RoutingPolicy } from './routing-policy.entity.js';

/** Calls read all of them when one has changed. */
const MAX_POLICIES = 1000;

type Change = (before: RoutingPolicy) => PolicyPatch | Promise<PolicyDefinition>;

/** Changes of policies. Each has an author and leaves its entry in the audit trail, or is not made. */
@Injectable()
export class RoutingPolicyChanges {
  constructor(
    private readonly kept: KeptPolicies,
    private readonly policies: RoutingPoliciesService,
    private readonly soundness: PolicySoundness,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * The versions of a name go on, when it was another policy's that was deleted.
   *
   * @throws NotFoundError for an unknown project; InvalidRequestError naming the field that is wrong
   * @throws ProjectDeletedError, PolicyNameTakenError, TooManyPoliciesError (409)
   */
  async create(by: Author, projectId: string, { name, ...options }: NewPolicy): Promise<RoutingPolicy> {
    const definition = await this.sound(projectId, completed(given(options)));
    const { id, version } = (await this.kept.findLast(projectId, name)) ?? { id: randomUUIDv7(), version: 0 };
    const createdAt = new Date(by.at).toISOString();
    const created = { id, projectId, name, ...definition, createdAt, ...madeBy(by), version: version + 1 };
    return this.insert(by, 'routing-policy.create', created);
  }

  /** As a JSON merge patch. @throws NotFoundError, StaleVersionError, InvalidRequestError */
  async update(by: Author, projectId: string, id: string, patch: PolicyPatch): Promise<RoutingPolicy> {
    return this.change(by, { projectId, id }, 'routing-policy.update', () => patch);
  }

  /**
   * Makes an earlier version the newest, if it is still sound; a policy that was deleted comes back with it.
   *
   * @throws as `update`, and as `create`
   */
  async restore(by: Author, projectId: string, id: string, version: number): Promise<RoutingPolicy> {
    const last = await this.kept.findDeleted(projectId, id);
    if (last) {
      assertSeen(by, last);
      const definition = definitionOf(await this.policies.version(last, version));
      await this.sound(projectId, definition);
      const restored = { ...last, ...definition, ...madeBy(by), version: last.version + 1 };
      return this.insert(by, 'routing-policy.restore', restored);
    }
    return this.change(by, { projectId, id }, 'routing-policy.restore', async latest =>
      definitionOf(await this.policies.version(latest, version)),
    );
  }

  /** Its versions are kept. @throws NotFoundError, StaleVersionError */
  async delete(by: Author, projectId: string, id: string): Promise<void> {
    await onLatest(
      by,
      () => this.policies.get(projectId, id),
      policy => {
        const change = {
          action: 'routing-policy.delete',
          targetId: id,
          projectId,
          before: told(policy),
        };
        return this.audit.tell(by, change, () => orStale(this.kept.delete(policy)));
      },
    );
  }

  private async insert(by: Author, action: string, policy: RoutingPolicy): Promise<RoutingPolicy> {
    const { id: targetId, projectId, name } = policy;
    if ((await this.kept.count(projectId)) >= MAX_POLICIES) {
      throw new TooManyPoliciesError(MAX_POLICIES);
    }
    await this.audit.tell(by, { action, targetId, projectId, after: told(policy) }, async () => {
      if (!(await this.kept.insert(policy))) {
        throw new PolicyNameTakenError(name);
      }
    });
    return policy;
  }

  /** What changes nothing is not made. */
  private change(
    by: Author,
    { projectId, id }: Pick<RoutingPolicy, 'projectId' | 'id'>,
    action: string,
    changeOf: Change,
  ): Promise<RoutingPolicy> {
    return onLatest(
      by,
      () => this.policies.get(projectId, id),
      async before => {
        const definition = merged(definitionOf(before), await changeOf(before));
        await this.sound(projectId, definition);
        if (JSON.stringify(definition) === JSON.stringify(definitionOf(before))) {
          return before;
        }
        const after = { ...before, ...definition, ...madeBy(by), version: before.version + 1 };
        const change = { action, targetId: id, projectId, before: told(before), after: told(after) };
        await this.audit.tell(by, change, () => orStale(this.kept.replace(before, after)));
        return after;
      },
    );
  }

  private async sound(projectId: string, definition: PolicyDefinition): Promise<PolicyDefinition> {
    await this.soundness.assert(projectId, definition);
    return definition;
  }
}

function madeBy({ id, name, at }: Author): Pick<RoutingPolicy, 'updatedAt' | 'authorId' | 'authorName'> {
  return { updatedAt: new Date(at).toISOString(), authorId: id, authorName: name };
}

/** What the audit trail says of a policy: it knows by itself who, when, and which. */
function told(policy: RoutingPolicy): Pick<RoutingPolicy, 'name'> & PolicyDefinition {
  return { name: policy.name, ...definitionOf(policy) };
}
