import { Injectable } from '@nestjs/common';
import { PolicyBook } from './policy-book.js';
import { type PolicyRecord, toPolicy, toRecord } from './policy-definition.js';
import { PolicyVersionRepository } from './policy-version.repository.js';
import type { RoutingPolicy } from './routing-policy.entity.js';
import { RoutingPolicyRepository } from './routing-policy.repository.js';

/**
 * Policies with all their versions. The latest lies by itself, since calls ask for it, and goes to the others before the
 * next takes its place: what was decided once is never lost, on stores with and without transactions.
 */
@Injectable()
export class KeptPolicies {
  constructor(
    private readonly policies: RoutingPolicyRepository,
    private readonly versions: PolicyVersionRepository,
    private readonly book: PolicyBook,
  ) {}

  /** False when the project has a policy of that name. */
  async insert(policy: RoutingPolicy): Promise<boolean> {
    const isNew = await this.policies.insert(toRecord(policy));
    this.book.forget(policy.projectId);
    return isNew;
  }

  async find(projectId: string, id: string): Promise<RoutingPolicy | null> {
    const record = await this.policies.findById(projectId, id);
    return record && toPolicy(record);
  }

  /** At most `limit`, oldest first, behind the one with the id `after`. */
  async list(projectId: string, limit: number, after?: string): Promise<RoutingPolicy[]> {
    return (await this.policies.list(projectId, limit, after)).map(toPolicy);
  }

  count(projectId: string): Promise<number> {
    return this.policies.count(projectId);
  }

  /** False when the version of `before` is not the latest (any more). */
  async replace(before: RoutingPolicy, after: RoutingPolicy): Promise<boolean> {
    await this.versions.keep(toRecord(before));
    const isReplaced = await this.policies.replace(toRecord(after));
    this.book.forget(after.projectId);
    return isReplaced;
  }

  async findVersion(latest: RoutingPolicy, version: number): Promise<RoutingPolicy | null> {
    if (version === latest.version) {
      return latest;
    }
    const record = await this.versions.find(latest.id, version);
    return record && toPolicy(record);
  }

  /** At most `limit` of those before a version, newest first. */
  async listBefore(latest: RoutingPolicy, version: number, limit: number): Promise<RoutingPolicy[]> {
    const isBehind = latest.version < version;
    const before = isBehind ? latest.version : version;
    const older: PolicyRecord[] = await this.versions.listBefore(latest.id, before, limit);
    return [...(isBehind ? [latest] : []), ...older.map(toPolicy)].slice(0, limit);
  }

  /** With all its versions. False when that version is not the latest (any more). */
  async delete(policy: RoutingPolicy): Promise<boolean> {
    const isDeleted = await this.policies.delete(policy);
    if (isDeleted) {
      await this.versions.deleteAll(policy.id);
    }
    this.book.forget(policy.projectId);
    return isDeleted;
  }

  /** Deletes all of a project. @throws StoreUnavailableError (503); what was deleted until then stays deleted */
  async deleteOf(projectId: string): Promise<void> {
    await this.policies.deleteOf(projectId);
    await this.versions.deleteOf(projectId);
    this.book.forget(projectId);
  }
}
