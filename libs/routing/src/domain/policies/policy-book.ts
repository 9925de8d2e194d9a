import { Injectable } from '@nestjs/common';
import { Clock, RecentCache } from '@app/shared';
import { compile, type CompiledPolicy } from './policy-definition.js';
import { RoutingPolicyRepository } from './routing-policy.repository.js';

const CACHE = { freshMs: 1000, staleMs: 600_000, limit: 10_000 };

/** The policies of a project, by the name that calls ask for. */
export type Policies = ReadonlyMap<string, CompiledPolicy>;

const NONE: Policies = new Map();

/**
 * The policies as calls need them. A change is seen within a second by every gateway; what was known lately goes on
 * working while the store is down.
 */
@Injectable()
export class PolicyBook {
  /** By project, also "it has none": asked on every call. */
  private readonly known: RecentCache<Policies>;

  constructor(
    private readonly policies: RoutingPolicyRepository,
    clock: Clock,
  ) {
    this.known = new RecentCache(clock, CACHE);
  }

  /** At once, when the store was asked within the last second; else undefined. */
  peek(projectId: string): Policies | undefined {
    return this.known.peek(projectId);
  }

  /** The same map for as long as nothing has changed. @throws StoreUnavailableError (503) */
  async get(projectId: string): Promise<Policies> {
    return (await this.known.get(projectId, before => this.load(projectId, before))) ?? NONE;
  }

  /** The next call of that project asks the store. */
  forget(projectId: string): void {
    this.known.forget(projectId);
  }

  /** Reads only what has changed: a project may have many. */
  private async load(projectId: string, before: Policies = NONE): Promise<Policies> {
    const records = await this.policies.findAll(projectId);
    const policies = new Map<string, CompiledPolicy>();
    let hasChanged = records.length !== before.size;
    for (const record of records) {
      const known = before.get(record.name);
      const isKnown = known?.id === record.id && known.version === record.version;
      policies.set(record.name, isKnown ? known : compile(record));
      hasChanged ||= !isKnown;
    }
    return hasChanged ? policies : before;
  }
}
