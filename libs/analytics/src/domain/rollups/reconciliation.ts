import { setImmediate as nextTurn } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { Clock, LOGGER, type Logger, Sweep } from '@app/shared';
import { NO_TIMES, sameTimes } from './call-times.js';
import { DayFolding } from './day-folding.js';
import { type Difference, type ReconcileState, RollupRepository } from './rollup.repository.js';
import { HOUR_MS, hourOf, sumsOnly } from './usage-hour.js';

/** By then what gateways that work have recorded in an hour is in the store. */
const CLOSED_MS = 600_000;
/** For one hour. A gateway that was killed meanwhile has it no longer. */
const LEASE_MS = 300_000;
/** Of an hour in which calls come while it is looked at. */
const MOST_TRIES = 5;
/** No batch is shipped again after so long; one that is finds its records by their ids. */
const SPOOLS_KEPT_MS = 35 * 24 * HOUR_MS;
/** Differences of an hour that the log tells one by one. */
const MOST_TOLD = 10;

/**
 * Compares the rollups of each hour that is over with the ledger, once, and mends what differs: nothing should, so that it is
 * told loudly. Its distributions are packed then, and days made of hours. Of the gateways of a store one does it. Hours of an earlier release, which had no
 * rollups, get theirs.
 */
@Injectable()
export class Reconciliation extends Sweep {
  private found = 0;

  constructor(
    private readonly rollups: RollupRepository,
    private readonly days: DayFolding,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly log: Logger,
  ) {
    super(log, 'The hourly sums of usage could not be compared with the records');
  }

  /** Rollups that were wrong, since the start of this process. */
  get differences(): number {
    return this.found;
  }

  protected async sweep(): Promise<void> {
    const end = hourOf(this.clock.now() - CLOSED_MS);
    const known = await this.rollups.state();
    const state = known ?? (await this.firstState());
    const isBehind = known === null || known.next < end; // the first time notes since when there are rollups
    const isDue = isBehind || (await this.days.due(end)).length > 0;
    const now = this.clock.now();
    if (!isDue || !(await this.rollups.claim(state, { now, until: now + LEASE_MS }))) {
      return;
    }
    const claimed = (await this.rollups.state()) ?? state; // another gateway may have been at it until now
    for (let hour = claimed.next; hour < end; hour++) {
      if (!(await this.reconcile(hour, claimed.since))) {
        await this.rollups.advance(hour, 0);
        return; // calls keep coming in: the next sweep goes on here
      }
      await this.rollups.pack(hour);
      await this.rollups.advance(hour + 1, this.clock.now() + LEASE_MS);
      await nextTurn();
    }
    const done = Math.max(end, claimed.next);
    for (const day of await this.days.due(done)) {
      await this.days.fold(day);
      await this.rollups.advance(done, this.clock.now() + LEASE_MS);
    }
    await this.rollups.advance(done, 0);
    await this.rollups.forgetSpools(this.clock.now() - SPOOLS_KEPT_MS);
  }

  /** What gateways of an earlier release write in this hour has no rollups, either. */
  private async firstState(): Promise<ReconcileState> {
    const now = hourOf(this.clock.now());
    const oldest = (await this.rollups.oldest()) ?? now;
    return { next: Math.max(oldest, await this.rollups.deletedUntil()), since: now + 1 };
  }

  /** False when there may be differences yet. */
  private async reconcile(hour: number, since: number): Promise<boolean> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const { differences, isDone } = await this.rollups.mend(hour);
      this.tell(hour, differences, hour < since);
      if (isDone) {
        return true;
      }
      await nextTurn();
    }
    return false;
  }

  private tell(hour: number, differences: readonly Difference[], isOld: boolean): void {
    if (differences.length === 0) {
      return;
    }
    const about = { hour: new Date(hour * HOUR_MS).toISOString(), rollups: differences.length };
    if (isOld) {
      this.log.info(about, 'Hourly sums of usage were made for records of an earlier release.');
      return;
    }
    this.found += differences.length;
    this.log.error(
      { ...about, differences: differences.slice(0, MOST_TOLD).map(shown) },
      'Hourly sums of usage did not say what the records say. They are mended; what read them before saw wrong sums.',
    );
  }
}

/** Sums of money as text: JSON has no such numbers. */
function shown({ told, ledger }: Difference): object {
  const { projectId, keyId, endpoint, provider, model } = ledger;
  const of = { projectId, keyId, endpoint, provider, model };
  const differsInTimes = !sameTimes(told?.times ?? NO_TIMES, ledger.times);
  return {
    ...of,
    told: told && printable(sumsOnly(told)),
    ledger: printable(sumsOnly(ledger)),
    differsInTimes,
  };
}

function printable(sums: object): object {
  return Object.fromEntries(
    Object.entries(sums).map(([name, sum]) => [
      name,
      typeof sum === 'bigint' ? String(sum) : (sum as number),
    ]),
  );
}
