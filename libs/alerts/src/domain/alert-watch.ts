import { Injectable } from '@nestjs/common';
import { Clock, ProcessId, replaceRecord } from '@app/shared';
import { AlertReadings } from './alert-readings.js';
import {
  type AlertState,
  judged,
  newState,
  type Reading,
  seenTogether,
  withSighting,
  withTold,
} from './alert-state.js';
import { AlertStateRepository } from './alert-state.repository.js';
import type { Alert } from './alert.entity.js';

/** Notes in an alert's state what this gateway sees, and what is crossed by what all of them see together. */
@Injectable()
export class AlertWatch {
  /** As the store had it last. */
  private readonly last = new Map<string, AlertState>();
  /** What this gateway has gone on with while the store was down. */
  private readonly own = new Map<string, AlertState>();

  constructor(
    private readonly states: AlertStateRepository,
    private readonly readings: AlertReadings,
    private readonly process: ProcessId,
    private readonly clock: Clock,
  ) {}

  /** These are looked at from now on. */
  prepare(alerts: readonly Alert[]): void {
    this.readings.prepare(alerts);
  }

  /** @throws StoreUnavailableError (503) */
  async look(alert: Alert): Promise<void> {
    const now = this.clock.now();
    const readings = await this.readings.of(alert);
    const own = this.own.get(alert.id);
    let after = newState(alert.id);
    await replaceRecord(this.states, alert.id, found => {
      const before = found ?? newState(alert.id);
      after = this.seen(alert, own ? withTold(before, own) : before, { now, readings });
      return after === before ? null : after;
    });
    this.own.delete(alert.id);
    this.last.set(alert.id, { ...after, due: [] });
  }

  /** The store is down, which is when records pile up in the spool: nobody else can be asked whether they told it. */
  lookAlone(alert: Alert): AlertState {
    const before = this.own.get(alert.id) ?? this.last.get(alert.id) ?? newState(alert.id);
    return this.goOn(judged(alert, before, this.readings.spool(), this.clock.now()));
  }

  /** That is the state while the store is down. */
  goOn(state: AlertState): AlertState {
    this.own.set(state.id, state);
    return state;
  }

  private seen(
    alert: Alert,
    state: AlertState,
    { now, readings }: { readonly now: number; readonly readings: readonly Reading[] },
  ): AlertState {
    if (alert.condition === 'budget') {
      return judged(alert, state, readings, now); // all gateways read the same
    }
    const together = withSighting(state, this.process.id, { at: now, readings });
    return judged(alert, together, seenTogether(together), now);
  }
}
