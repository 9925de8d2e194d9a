import type { PolicyRecord } from './policy-definition.js';

/** Storage port of what policies were before; a version is kept once and never changed. */
export abstract class PolicyVersionRepository {
  /** Does nothing for a version that is kept already. */
  abstract keep(version: PolicyRecord): Promise<void>;
  abstract find(policyId: string, version: number): Promise<PolicyRecord | null>;
  /** At most `limit` of those before a version, newest first. */
  abstract listBefore(policyId: string, version: number, limit: number): Promise<PolicyRecord[]>;
  /** The last that was kept under a name. */
  abstract findLast(projectId: string, name: string): Promise<PolicyRecord | null>;
  /** Deletes all of a project. */
  abstract deleteOf(projectId: string): Promise<void>;
}
