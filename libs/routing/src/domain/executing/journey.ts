import { setTimeout as pause } from 'node:timers/promises';
import { UpstreamError } from '@app/shared';
import type { KeyCooldowns } from '../health/key-cooldowns.js';
import type { Route } from '../model-router.js';
import { type AttemptRecord, PLAIN, type PlannedCall } from '../planned-call.js';
import { attemptLimits, type AttemptLimits } from './attempt-limits.js';
import { CallTime } from './call-time.js';
import { begun, type Departed, newRecord, noteFailure, type Taken } from './departed.js';
import { type Departures, type Lane, newLane } from './departures.js';
import type { Errand, Sent } from './errand.js';
import { failureOf, isOnlyOurs, NoTargetLeftError, NOT_AFFORDED } from './failed-attempts.js';
import { type Destination, Flight } from './flight.js';
import { hedged } from './hedge.js';
import { type AttemptBudgets, Purse } from './purse.js';
import type { Verdict } from './verdict.js';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

const NONE: readonly string[] = [];

/** What all journeys share. */
export interface ExecutorParts extends AttemptBudgets {
  readonly departures: Departures;
  readonly cooldowns: KeyCooldowns;
}

/** One call on its way: which targets it has tried, and which are left. */
export class Journey<Begun extends Sent> {
  private readonly attempts: AttemptRecord[];
  private readonly purse: Purse;
  private readonly time: CallTime;
  private lanes: Lane[];
  private round = 1;
  private counted = 0;
  private isFallingBack = false;
  private error: unknown = null;
  private failed: Flight<Begun> | null = null;

  constructor(
    private readonly executor: ExecutorParts,
    private readonly planned: PlannedCall,
    private readonly errand: Errand<Begun>,
  ) {
    this.attempts = planned.decision?.attempts ?? [];
    this.purse = new Purse(executor, errand);
    this.time = new CallTime(planned.options.totalMs);
    this.lanes = planned.routes.map(newLane);
  }

  async run(): Promise<void> {
    try {
      let to = await this.next();
      while (to && !(await this.isAnswered(to))) {
        to = await this.next();
      }
      if (!to) {
        throw await this.lost();
      }
    } catch (error) {
      this.failed?.endTheCall();
      throw error;
    }
  }

  /** A flight to there, on record. */
  depart(to: Destination, hedge: boolean): Departed<Begun> {
    const record = this.record(to, hedge ? { hedge } : {});
    return { flight: new Flight(this.errand, to, this.executor.cooldowns, this.limits), record };
  }

  /** Another target at the same time, if the budgets allow it. */
  async second(): Promise<Destination | null> {
    const { signal } = this.errand.call;
    if (this.counted >= this.planned.options.maxAttempts) {
      return null;
    }
    const to = await this.departure().catch(() => null); // what stands in its way must not break off the first
    if (to && !signal.aborted && this.purse.payHedge()) {
      this.counted += 1;
      return to;
    }
    if (to) {
      this.stay(to);
    }
    return null;
  }

  async failedBeside(departed: Departed<Begun>, error: unknown): Promise<void> {
    const verdict = this.judge(departed, error);
    departed.flight.leaveBehind();
    await this.noteLane(departed.flight, verdict, failureOf(error).retryAfterMs);
  }

  outrun({ flight, record }: Departed<Begun>): void {
    flight.abandon();
    record.ms ??= Math.round(performance.now() - flight.startedAt);
    record.error = 'slower';
    const lane = this.laneOf(flight.route);
    if (lane) {
      lane.again = true;
    }
  }

  private record(to: Destination, known: Partial<AttemptRecord>): AttemptRecord {
    const resumed = this.errand.resuming ? { resumed: true as const } : {};
    const record = { ...newRecord(to, this.time.startedAt), ...known, ...resumed };
    this.attempts.push(record);
    return record;
  }

  private get limits(): AttemptLimits | null {
    const { options } = this.planned;
    return options === PLAIN ? null : attemptLimits(options, Math.max(1, this.time.leftMs));
  }

  /** Null when there is no way left. */
  private async next(): Promise<Destination | null> {
    const isFirst = this.attempts.length === 0;
    if (this.counted >= this.planned.options.maxAttempts || (!isFirst && this.time.isOver)) {
      return null;
    }
    for (;;) {
      const to = await this.departure();
      if (to) {
        if (isFirst || this.purse.pay()) {
          return to;
        }
        this.stay(to);
        if (!(await this.waitedForCredit())) {
          this.record(to, { ms: 0, error: NOT_AFFORDED });
          return null;
        }
      } else if (!(await this.waited())) {
        return null;
      }
    }
  }

  /** While attempts of other calls are under way, and may be paid back. False when there is no hope. */
  private waitedForCredit(): Promise<boolean> {
    const patience = { ms: this.time.patienceMs, signal: this.errand.call.signal };
    return this.time.wait(this.purse.moreCredit(patience));
  }

  /** The next target of this round that takes calls. */
  private async departure(): Promise<Destination | null> {
    const onlyWay = this.planned.routes.length === 1 && !this.planned.policy;
    for (const lane of this.lanes) {
      if (lane.round < this.round && lane.notBefore <= performance.now()) {
        lane.round = this.round;
        const to = await this.executor.departures.find(this.errand.call.projectId, lane, onlyWay);
        if (to) {
          return to;
        }
      }
    }
    return null;
  }

  /** Does not go there after all. */
  private stay({ route, pass }: Destination): void {
    pass?.neutral();
    const lane = this.laneOf(route);
    if (lane) {
      lane.round = this.round - 1;
    }
  }

  private laneOf({ id }: Route): Lane | undefined {
    return this.lanes.find(({ route }) => route.id === id);
  }

  /** Waits for another round: with full jitter, or for as long as the vendors asked for. False when it is not worth it. */
  private async waited(): Promise<boolean> {
    const { departures } = this.executor;
    const { call } = this.errand;
    const again = this.lanes.filter(lane => lane.again);
    const soonest = await departures.readyIn(call.projectId, again);
    const jitter =
      departures.random.next() * Math.min(FIRST_PAUSE_MS * 2 ** (this.round - 1), LONGEST_PAUSE_MS);
    const waitMs = soonest > 0 ? soonest : jitter;
    if (this.errand.resuming || again.length === 0 || waitMs >= this.time.patienceMs) {
      return false;
    }
    this.lanes = again;
    this.lanes.forEach(lane => (lane.turnedAway = NONE));
    this.round += 1;
    const paused = pause(Math.ceil(waitMs), undefined, { signal: call.signal }).catch(() => undefined);
    await this.time.wait(paused);
    return !call.signal.aborted;
  }

  private async isAnswered(to: Destination): Promise<boolean> {
    this.counted += 1;
    this.failed?.leaveBehind();
    const departed = this.depart(to, false);
    let taken: Taken<Begun> | null = null;
    try {
      taken = this.planned.options.hedge ? await hedged(this, departed) : await begun(departed);
      if (taken.flight === departed.flight) {
        this.purse.answered();
      } else {
        this.purse.wasted(); // its hedge was faster
      }
      await taken.flight.carry(taken.begun);
      this.planned.noteAnswered?.(taken.flight.route.id);
      if (this.errand.cut) {
        this.purse.wasted();
        taken.record.error = failureOf(this.errand.cut).code;
      }
      return true;
    } catch (error) {
      await this.fail(taken ?? departed, error);
      return false;
    }
  }

  /** @throws the error when nobody else can help */
  private async fail(departed: Departed<Begun>, error: unknown): Promise<void> {
    const { call, committed } = this.errand;
    const { flight } = departed;
    const verdict = this.judge(departed, error);
    this.purse.wasted();
    this.error = error;
    this.failed = flight;
    if (!(error instanceof UpstreamError)) {
      this.counted -= 1; // nothing was sent
    }
    if (call.signal.aborted || committed) {
      throw error;
    }
    const fallbacks = verdict.refusal && this.planned.options.fallbacks[verdict.refusal];
    if (fallbacks && fallbacks.length > 0 && !this.isFallingBack) {
      this.isFallingBack = true;
      this.lanes = fallbacks.map(newLane);
    } else if (!verdict.elsewhere) {
      throw error;
    }
    await this.noteLane(flight, verdict, failureOf(error).retryAfterMs);
  }

  /** Target, key and record are told. */
  private judge(departed: Departed<Begun>, error: unknown): Verdict {
    const verdict = departed.flight.fail(error);
    noteFailure(departed, error);
    return verdict;
  }

  private async noteLane(
    { route, key }: Flight<Begun>,
    { again, otherKey }: Verdict,
    retryAfterMs: number | null,
  ): Promise<void> {
    const lane = this.laneOf(route);
    if (!lane) {
      return;
    }
    lane.again = again;
    if (otherKey && key) {
      lane.turnedAway = [...lane.turnedAway, key.id];
    }
    if (otherKey && (await this.executor.departures.hasKey(this.errand.call.projectId, lane))) {
      lane.round = this.round - 1; // goes on at once, and is no attempt more of this target
      this.counted -= 1;
    } else {
      lane.notBefore = retryAfterMs === null ? 0 : performance.now() + retryAfterMs;
    }
  }

  /** What the caller is told when there is no way left. */
  private async lost(): Promise<unknown> {
    const { call } = this.errand;
    if (call.signal.aborted) {
      return call.signal.reason;
    }
    const isAffordable = this.attempts.at(-1)?.error !== NOT_AFFORDED;
    const isPlainCall = this.planned.options === PLAIN;
    const isTold = isPlainCall || this.attempts.length === 1 || isOnlyOurs(this.error, this.attempts);
    if (this.error !== null && isAffordable && isTold) {
      return this.error;
    }
    const { departures } = this.executor;
    return new NoTargetLeftError(this.errand.modelAsked, {
      attempts: this.attempts,
      waitMs: await departures.readyIn(call.projectId, this.lanes),
      limited: await departures.areLimited(call.projectId, this.lanes),
      brokeOff: this.errand.resuming ?? false,
    });
  }
}
