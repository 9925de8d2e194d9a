import { UpstreamError } from '@app/shared';
import type { KeyCooldowns } from '../health/key-cooldowns.js';
import { type AttemptRecord, PLAIN, type PlannedCall } from '../planned-call.js';
import { attemptLimits, type AttemptLimits } from './attempt-limits.js';
import { CallTime } from './call-time.js';
import { begun, type Departed, newRecord, noteFailure, type Taken } from './departed.js';
import type { Departures } from './departures.js';
import type { Errand, Sent } from './errand.js';
import { failureOf, isOnlyOurs, NoTargetLeftError, NOT_AFFORDED } from './failed-attempts.js';
import { type Destination, Flight } from './flight.js';
import { hedged } from './hedge.js';
import { Lanes } from './lanes.js';
import { type AttemptBudgets, Purse } from './purse.js';
import type { Verdict } from './verdict.js';

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
  private readonly lanes: Lanes;
  private counted = 0;
  private isFallingBack = false;
  /** The last attempt was, for what the request says. */
  private isRefused = false;
  private error: unknown = null;
  private failed: Flight<Begun> | null = null;

  constructor(
    private readonly executor: ExecutorParts,
    private readonly planned: PlannedCall,
    private readonly errand: Errand<Begun>,
  ) {
    this.attempts = planned.attempts;
    this.purse = new Purse(executor, errand);
    this.time = new CallTime(planned.options.totalMs);
    this.lanes = new Lanes(executor.departures, errand.call.projectId, planned);
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
      this.lanes.stay(to);
    }
    return null;
  }

  async failedBeside(departed: Departed<Begun>, error: unknown): Promise<void> {
    const verdict = this.judge(departed, error);
    departed.flight.leaveBehind();
    await this.noteLane(departed.flight, verdict, error);
  }

  outrun({ flight, record }: Departed<Begun>): void {
    flight.abandon();
    record.ms ??= Math.round(performance.now() - flight.startedAt);
    record.error = 'slower';
    this.lanes.outrun(flight.route);
  }

  private record(to: Destination, known: Partial<AttemptRecord>): AttemptRecord {
    const { resuming, goesOn } = this.errand;
    const resumed = resuming === true || goesOn === true ? { resumed: true as const } : {};
    const record = { ...newRecord(to, this.errand.call.startedAt), ...known, ...resumed };
    this.attempts.push(record);
    return record;
  }

  private get limits(): AttemptLimits | null {
    const { options } = this.planned;
    return options === PLAIN ? null : attemptLimits(options, Math.max(1, this.time.leftMs));
  }

  /** Null when there is no way left. */
  private async next(): Promise<Destination | null> {
    const isFirst = this.attempts.length === 0 && !this.errand.goesOn;
    if (this.counted >= this.planned.options.maxAttempts || (!isFirst && this.time.isOver)) {
      return null;
    }
    const { signal } = this.errand.call;
    for (;;) {
      const to = await this.departure();
      if (to) {
        if (isFirst || this.purse.pay()) {
          return to;
        }
        this.lanes.stay(to);
        if (!(await this.waitedForCredit())) {
          this.record(to, { ms: 0, error: NOT_AFFORDED });
          return null;
        }
      } else if (this.errand.resuming || !(await this.lanes.isAnotherRound(this.time, signal))) {
        return null;
      }
    }
  }

  /** While attempts of other calls are under way, and may be paid back. False when there is no hope. */
  private waitedForCredit(): Promise<boolean> {
    const patience = { ms: this.time.patienceMs, signal: this.errand.call.signal };
    return this.time.wait(this.purse.moreCredit(patience));
  }

  private departure(): Promise<Destination | null> {
    const { lanes } = this;
    const mayBeShort = this.attempts.length > 0 && lanes.count > 1;
    return lanes.next(mayBeShort && this.purse.isShort(lanes.count));
  }

  private async isAnswered(to: Destination): Promise<boolean> {
    this.counted += 1;
    this.failed?.leaveBehind();
    const departed = this.depart(to, false);
    let taken: Taken<Begun> | null = null;
    try {
      taken = this.planned.options.hedge ? await hedged(this, departed) : await begun(departed);
      if (taken.flight !== departed.flight) {
        this.purse.spent();
      } else if (!this.errand.resuming) {
        this.purse.answered();
      }
      await taken.flight.carry(taken.begun);
      this.planned.noteAnswered?.(taken.flight.route.id);
      if (this.errand.cut) {
        this.purse.wasted();
        taken.record.error = failureOf(this.errand.cut).code;
      } else {
        this.purse.answered(); // of a stream that was gone on with, the beginning says little
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
    this.isRefused = verdict.refusal !== null;
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
      this.lanes.replaceBy(fallbacks);
    } else if (!verdict.elsewhere && !(this.isFallingBack && verdict.refusal)) {
      throw error;
    }
    await this.noteLane(flight, verdict, error);
  }

  /** Target, key and record are told. */
  private judge(departed: Departed<Begun>, error: unknown): Verdict {
    const verdict = departed.flight.fail(error);
    noteFailure(departed, error);
    return verdict;
  }

  private async noteLane({ route, key }: Flight<Begun>, verdict: Verdict, error: unknown): Promise<void> {
    const { retryAfterMs } = failureOf(error);
    if (await this.lanes.failed({ route, key, verdict, retryAfterMs })) {
      this.counted -= 1; // it goes on at once, and is no attempt more of this target
    }
  }

  /** What the caller is told when there is no way left. */
  private async lost(): Promise<unknown> {
    const { call } = this.errand;
    if (call.signal.aborted) {
      return call.signal.reason;
    }
    if (this.error !== null && this.isTold(this.error)) {
      return this.error;
    }
    return new NoTargetLeftError(this.errand.modelAsked, {
      attempts: this.attempts,
      waitMs: await this.lanes.readyIn(),
      limited: await this.lanes.areLimited(),
      brokeOff: this.errand.resuming ?? false,
    });
  }

  /** Whether the last error says more than a list of attempts would. */
  private isTold(error: unknown): boolean {
    const { attempts, planned } = this;
    if (attempts.at(-1)?.error === NOT_AFFORDED) {
      return false;
    }
    const { routes, options } = planned;
    const isOnlyWay = routes.length === 1 || this.counted >= options.maxAttempts || this.time.isOver;
    const isOnlyOne = attempts.length === 1 && isOnlyWay;
    return options.maxAttempts === 1 || isOnlyOne || this.isRefused || isOnlyOurs(error, attempts);
  }
}
