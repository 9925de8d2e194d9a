import type { PolicyRecord } from './policy-definition.js';

/** Storage port of the policies as they are now. */
export abstract class RoutingPolicyRepository {
  /** False when the project has a policy of that name. */
  abstract insert(policy: PolicyRecord): Promise<boolean>;
  abstract findById(projectId: string, id: string): Promise<PolicyRecord | null>;
  /** At most `limit`, oldest first, behind the one with the id `after`. */
  abstract list(projectId: string, limit: number, after?: string): Promise<PolicyRecord[]>;
  /** All of a project. */
  abstract findAll(projectId: string): Promise<PolicyRecord[]>;
  abstract count(projectId: string): Promise<number>;
  /** Takes the place of the version before its own. False when that is not there (any more). */
  abstract replace(policy: PolicyRecord): Promise<boolean>;
  /** False when that version is not there (any more). */
  abstract delete(policy: Pick<PolicyRecord, 'id' | 'version'>): Promise<boolean>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
