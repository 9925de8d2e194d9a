import type { CircuitBreaker } from './circuit-breaker.js';

/** A circuit breaker, what it guards, and from whom. */
export interface GuardedTarget {
  /** `vendor/model` */
  readonly id: string;
  /** Whose keys the calls are made with: a project's own, or (null) the gateway's. */
  readonly owner: string | null;
  readonly breaker: CircuitBreaker;
}

type Generation = Map<string, Map<string | null, GuardedTarget>>;

/** Forgets as `RecentMap` does, and has two keys: to join them for each candidate of each call would take as long as the rest. */
export class RecentBreakers {
  private young: Generation = new Map();
  private old: Generation = new Map();
  private youngSize = 0;

  /** @param limit at most so many are held */
  constructor(private readonly limit: number) {}

  /** It counts as used now. */
  get(id: string, owner: string | null): GuardedTarget | undefined {
    return this.young.get(id)?.get(owner) ?? (this.old.size === 0 ? undefined : this.rejuvenate(id, owner));
  }

  /** @param guarded one that `get` does not find */
  add(guarded: GuardedTarget): void {
    if (this.youngSize >= this.limit / 2) {
      this.old = this.young;
      this.young = new Map();
      this.youngSize = 0;
    }
    let owners = this.young.get(guarded.id);
    if (!owners) {
      owners = new Map();
      this.young.set(guarded.id, owners);
    }
    owners.set(guarded.owner, guarded);
    this.youngSize += 1;
  }

  /** Those used lately first. */
  all(): GuardedTarget[] {
    return [this.young, this.old].flatMap(generation =>
      Array.from(generation.values(), owners => [...owners.values()]).flat(),
    );
  }

  private rejuvenate(id: string, owner: string | null): GuardedTarget | undefined {
    const owners = this.old.get(id);
    const guarded = owners?.get(owner);
    if (guarded) {
      owners?.delete(owner);
      this.add(guarded);
    }
    return guarded;
  }
}
