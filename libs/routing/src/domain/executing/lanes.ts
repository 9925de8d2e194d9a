import { setTimeout as pause } from 'node:timers/promises';
import type { Route } from '../model-router.js';
import type { PlannedCall } from '../planned-call.js';
import type { VendorKey } from '../vendor-keys.js';
import type { CallTime } from './call-time.js';
import { type Departures, type Lane, newLane } from './departures.js';
import type { Destination } from './flight.js';
import type { Verdict } from './verdict.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

const NONE: readonly string[] = [];

/** Who failed, and how. */
interface Failed {
  readonly route: Route;
  readonly key: VendorKey | null;
  readonly verdict: Verdict;
  /** What the vendor asked for. */
  readonly retryAfterMs: number | null;
}

/** The targets of one call, round by round: each is asked once in a round, and those whose failure may pass are in the next. */
export class Lanes {
  private lanes: Lane[];
  private round = 1;
  private readonly onlyWay: boolean;

  constructor(
    private readonly departures: Departures,
    private readonly projectId: string,
    { routes, policy }: Pick<PlannedCall, 'routes' | 'policy'>,
  ) {
    this.lanes = routes.map(newLane);
    this.onlyWay = routes.length === 1 && !policy;
  }

  get count(): number {
    return this.lanes.length;
  }

  /** From now on these are the targets. */
  replaceBy(routes: readonly Route[]): void {
    this.lanes = routes.map(newLane);
  }

  /**
   * The next of this round that takes calls, in the order of the plan.
   *
   * @param isShort there are not attempts enough to try them all: last come those that are known to fail
   */
  async next(isShort: boolean): Promise<Destination | null> {
    for (const lane of isShort ? this.departures.byHope(this.lanes) : this.lanes) {
      if (lane.round < this.round && lane.notBefore <= performance.now()) {
        lane.round = this.round;
        const found = this.departures.find(this.projectId, lane, this.onlyWay);
        const to = found instanceof Promise ? await found : found;
        if (to) {
          return to;
        }
      }
    }
    return null;
  }

  /** The call does not go there after all. */
  stay({ route, pass }: Destination): void {
    pass?.neutral();
    this.openAgain(this.laneOf(route));
  }

  /** It was too slow, and may be asked in the next round. */
  outrun(route: Route): void {
    const lane = this.laneOf(route);
    if (lane) {
      lane.again = true;
    }
  }

  /** True when the target can be asked with another key in this very round. */
  async failed({ route, key, verdict, retryAfterMs }: Failed): Promise<boolean> {
    const lane = this.laneOf(route);
    if (!lane) {
      return false;
    }
    lane.again = verdict.again;
    if (verdict.otherKey && key) {
      lane.turnedAway = [...lane.turnedAway, key.id];
    }
    if (verdict.otherKey && (await this.departures.hasKey(this.projectId, lane))) {
      this.openAgain(lane);
      return true;
    }
    lane.notBefore = retryAfterMs === null ? 0 : performance.now() + retryAfterMs;
    return false;
  }

  /** Waits for another round: with full jitter, or for as long as the vendors asked for. False when it is not worth it. */
  async isAnotherRound(time: CallTime, signal: AbortSignal): Promise<boolean> {
    const { random } = this.departures;
    const again = this.lanes.filter(lane => lane.again);
    const soonest = await this.departures.readyIn(this.projectId, again);
    const jitter = random.next() * Math.min(FIRST_PAUSE_MS * 2 ** (this.round - 1), LONGEST_PAUSE_MS);
    const waitMs = soonest > 0 ? soonest : jitter;
    if (again.length === 0 || waitMs >= time.patienceMs) {
      return false;
    }
    this.lanes = again;
    this.lanes.forEach(lane => (lane.turnedAway = NONE));
    this.round += 1;
    await time.wait(pause(Math.ceil(waitMs), undefined, { signal }).catch(() => undefined));
    return !signal.aborted;
  }

  /** In how many ms the first of them may be asked (again). */
  readyIn(): Promise<number> {
    return this.departures.readyIn(this.projectId, this.lanes);
  }

  /** Whether nothing but limits of their keys keeps them from being asked. */
  areLimited(): Promise<boolean> {
    return this.departures.areLimited(this.projectId, this.lanes);
  }

  private openAgain(lane: Lane | undefined): void {
    if (lane) {
      lane.round = this.round - 1;
    }
  }

  private laneOf({ id }: Route): Lane | undefined {
    return this.lanes.find(({ route }) => route.id === id);
  }
}
