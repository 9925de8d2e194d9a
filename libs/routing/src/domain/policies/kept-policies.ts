import { Injectable } from '@nestjs/common';
import { PolicyBook } from './policy-book.js';
import { type PolicyRecord, toPolicy, toRecord } from './policy-definition.js';
import { PolicyVersionRepository } from './policy-version.repository.js';
import type { RoutingPolicy } from './routing-policy.entity.js';
import { RoutingPolicyRepository } from './routing-policy.repository.js';

/** More than any version is: the widest number that every store compares one with. */
const NO_VERSION = 2 ** 31 - 1;

/**
 * Policies with all their versions. The latest lies by itself, since calls ask for it, and goes to the others before the
 * next takes its place, or none does: what was decided once is never lost, on stores with and without transactions. Who
 * takes the name of a policy that was deleted goes on with its id and its versions, so that `name@version` is one thing for
 * ever.
 */
@Injectable()
export class KeptPolicies {
  constructor(
    private readonly policies: RoutingPolicyRepository,
    private readonly versions: PolicyVersionRepository,
    private readonly book: PolicyBook,
  ) {}

  /** False when the project has a policy of that name, or had one of that version that came and went meanwhile. */
  async insert(policy: RoutingPolicy): Promise<boolean> {
    let isNew = await this.policies.insert(toRecord(policy));
    if (isNew && (await this.versions.find(policy.id, policy.version))) {
      await this.policies.delete(policy);
      isNew = false;
    }
    this.book.forget(policy.projectId);
    return isNew;
  }

  async find(projectId: string, id: string): Promise<RoutingPolicy | null> {
    const record = await this.policies.findById(projectId, id);
    return record && toPolicy(record);
  }

  /** The last version of a policy that was deleted; null while there is one. */
  async findDeleted(projectId: string, id: string): Promise<RoutingPolicy | null> {
    const [last] = await this.versions.listBefore(id, NO_VERSION, 1);
    const isDeleted = last?.projectId === projectId && !(await this.policies.findById(projectId, id));
    return last && isDeleted ? toPolicy(last) : null;
  }

  /** The last version that was kept of a policy of that name. */
  async findLast(projectId: string, name: string): Promise<RoutingPolicy | null> {
    const record = await this.versions.findLast(projectId, name);
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

  /** Its versions are kept. False when that version is not the latest (any more). */
  async delete(policy: RoutingPolicy): Promise<boolean> {
    await this.versions.keep(toRecord(policy));
    const isDeleted = await this.policies.delete(policy);
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
