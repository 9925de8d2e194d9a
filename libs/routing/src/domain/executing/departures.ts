import { Injectable } from '@nestjs/common';
import { KeyPool } from '../health/key-pool.js';
import { Random } from '../health/random.js';
import { TargetHealth } from '../health/target-health.js';
import type { Route } from '../model-router.js';
import { ownerOf, type VendorKey, VendorKeys } from '../vendor-keys.js';
import type { Destination } from './flight.js';

const LATELY_MS = 10_000;

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
   * Null while the target takes no calls: its circuit breaker is open, or its keys cool down.
   *
   * @param onlyWay go all the same: what the vendor says then is better than what we would
   * @throws StoreUnavailableError (503), UnreadableProviderKeyError
   */
  async find(projectId: string, lane: Lane, onlyWay: boolean): Promise<Destination | null> {
    const { route } = lane;
    const facts = this.health.of(route.id);
    const keys = await this.keys.of(projectId, route.vendor);
    const [first = null] = keys;
    const ready = this.pool.choose(untried(keys, lane), route.target.model, this.random.next());
    const key = ready ?? (onlyWay ? first : null);
    if (!key && first) {
      return null;
    }
    const pass = this.health.breaker(route.id, ownerOf(projectId, keys)).tryPass();
    return pass || onlyWay ? { route, facts, key, pass } : null;
  }

  /**
   * Those that missed lately go last, and of these first who did so longest ago.
   *
   * @param isShort there are not attempts enough to try them all: misses count that are longer ago, too
   */
  byHope(lanes: readonly Lane[], isShort: boolean): readonly Lane[] {
    const since = isShort ? Number.MAX_VALUE : LATELY_MS;
    const missedFor = new Map(
      lanes.map(lane => [lane, Math.min(this.health.look(lane.route.id).missedFor(), since)] as const),
    );
    return lanes.toSorted((a, b) => (missedFor.get(b) ?? since) - (missedFor.get(a) ?? since));
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
