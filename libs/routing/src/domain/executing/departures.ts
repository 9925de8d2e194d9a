import { Injectable } from '@nestjs/common';
import { KeyPool } from '../health/key-pool.js';
import { Random } from '../health/random.js';
import { TargetHealth } from '../health/target-health.js';
import type { Route } from '../model-router.js';
import { ownerOf, type VendorKey, VendorKeys } from '../vendor-keys.js';
import type { Destination } from './flight.js';

/** One of the targets of a call, and whether it may still be asked. */
export interface Lane {
  readonly route: Route;
  /** In which round it was asked last. */
  round: number;
  /** It failed in a way that may pass. */
  again: boolean;
  /** Not before then, in monotonic ms: its vendor said so. */
  notBefore: number;
  /** Ids of the keys that were turned away in this round. */
  turnedAway: readonly string[];
}

export function newLane(route: Route): Lane {
  return { route, round: 0, again: false, notBefore: 0, turnedAway: [] };
}

interface Asked {
  readonly projectId: string;
  readonly lane: Lane;
  readonly onlyWay: boolean;
}

/** Who can leave for a target at this moment, and with which key. */
@Injectable()
export class Departures {
  constructor(
    private readonly health: TargetHealth,
    private readonly keys: VendorKeys,
    private readonly pool: KeyPool,
    readonly random: Random,
  ) {}

  /**
   * Null while the target takes no calls: its circuit breaker is open, or its keys cool down. At once, when the keys are known.
   *
   * @param onlyWay go all the same: what the vendor says then is better than what we would
   * @throws StoreUnavailableError (503), UnreadableProviderKeyError
   */
  find(projectId: string, lane: Lane, onlyWay: boolean): Destination | null | Promise<Destination | null> {
    const keys = this.keys.of(projectId, lane.route.vendor);
    const asked = { projectId, lane, onlyWay };
    return keys instanceof Promise
      ? keys.then(known => this.findWith(known, asked))
      : this.findWith(keys, asked);
  }

  private findWith(keys: readonly VendorKey[], { projectId, lane, onlyWay }: Asked): Destination | null {
    const { route } = lane;
    const facts = this.health.of(route.id);
    const [first = null] = keys;
    const ready = this.pool.choose(untried(keys, lane), route.target.model, this.random.next());
    const key = ready ?? (onlyWay ? first : null);
    if (!key && first) {
      return null;
    }
    const pass = this.health.breaker(route.id, ownerOf(projectId, keys)).tryPass();
    return pass || onlyWay ? { route, facts, key, pass } : null;
  }

  /** Last those that came to nothing since they last answered, and of these first who did so longest ago. */
  byHope(lanes: readonly Lane[]): readonly Lane[] {
    const missedFor = new Map(
      lanes.map(lane => [lane, Math.min(this.health.look(lane.route.id).missedFor(), Number.MAX_VALUE)]),
    );
    return lanes.toSorted((a, b) => (missedFor.get(b) ?? 0) - (missedFor.get(a) ?? 0));
  }

  /** Whether another of the keys can be used now. A vendor may say of all of them that they can, and turn them away. */
  async hasKey(projectId: string, lane: Lane): Promise<boolean> {
    const { vendor, target } = lane.route;
    const keys = untried(await this.keys.of(projectId, vendor), lane);
    return this.pool.nextReady(keys, target.model) === 0;
  }

  /** In how many ms the first of the targets may be asked (again). */
  async readyIn(projectId: string, lanes: readonly Lane[]): Promise<number> {
    return Math.min(...(await Promise.all(lanes.map(lane => this.waitFor(projectId, lane)))));
  }

  /** Whether nothing but limits of their keys keeps the targets from being asked. */
  async areLimited(projectId: string, lanes: readonly Lane[]): Promise<boolean> {
    const limited = await Promise.all(lanes.map(lane => this.isLimited(projectId, lane)));
    return limited.every(Boolean);
  }

  private async waitFor(projectId: string, { route, notBefore }: Lane): Promise<number> {
    const keys = await this.keys.of(projectId, route.vendor);
    const keyReady = keys.length === 0 ? 0 : this.pool.nextReady(keys, route.target.model);
    const breaker = this.health.lookAtBreaker(route.id, ownerOf(projectId, keys)).opensFor();
    return Math.max(0, notBefore - performance.now(), keyReady, breaker);
  }

  private async isLimited(projectId: string, { route }: Lane): Promise<boolean> {
    const keys = await this.keys.of(projectId, route.vendor);
    const isBroken = this.health.lookAtBreaker(route.id, ownerOf(projectId, keys)).opensFor() > 0;
    return !isBroken && this.pool.areLimited(keys, route.target.model);
  }
}

function untried(keys: readonly VendorKey[], { turnedAway }: Lane): readonly VendorKey[] {
  return turnedAway.length === 0 ? keys : keys.filter(({ id }) => !turnedAway.includes(id));
}
