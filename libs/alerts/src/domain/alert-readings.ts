import { Injectable } from '@nestjs/common';
import { UsageRecorder } from '@app/analytics';
import { TargetHealth } from '@app/routing';
import type { Reading } from './alert-state.js';
import type { Alert } from './alert.entity.js';
import { BudgetReadings } from './budget-readings.js';
import { RecentEndings } from './recent-endings.js';

/** Models that a message names. */
const MOST_NAMED = 5;

/** Measures what alerts watch, from what the gateway knows anyway. */
@Injectable()
export class AlertReadings {
  constructor(
    private readonly budgets: BudgetReadings,
    private readonly endings: RecentEndings,
    private readonly health: TargetHealth,
    private readonly recorder: UsageRecorder,
  ) {}

  /** These are asked for from now on. */
  prepare(alerts: readonly Alert[]): void {
    const ofCalls = alerts.filter(({ condition }) => condition === 'error-rate');
    this.endings.watch(new Set(ofCalls.map(({ projectId }) => projectId)));
  }

  /** What is above 0, and what nobody can say yet. @throws StoreUnavailableError (503), of budgets */
  async of(alert: Alert): Promise<Reading[]> {
    switch (alert.condition) {
      case 'budget':
        return this.budgets.of(alert);
      case 'error-rate':
        return this.errorRate(alert);
      case 'vendor-down':
        return this.vendors(alert);
      case 'spool':
        return this.spool();
    }
  }

  /** Of this gateway. */
  spool(): Reading[] {
    const { spoolBytes: value } = this.recorder;
    return value > 0
      ? [{ subject: 'spool', about: 'Usage records that the store has not taken', value }]
      : [];
  }

  private errorRate({ projectId, windowMinutes }: Alert): Reading[] {
    const { calls, failed, isPartial } = this.endings.of(projectId, windowMinutes);
    const whose = projectId === null ? 'all projects' : `project ${projectId}`;
    const about = `Calls of ${whose} in ${windowMinutes} min`;
    const reading = { subject: projectId ?? 'all', about, value: failed, of: calls };
    return isPartial ? [{ ...reading, isPartial }] : calls > 0 ? [reading] : [];
  }

  private vendors({ projectId }: Alert): Reading[] {
    const failing = new Map<string, Set<string>>();
    for (const { id, owner, breaker } of this.health.allBreakers()) {
      if ((owner === null || owner === projectId) && breaker.state() !== 'closed') {
        const vendor = id.slice(0, id.indexOf('/'));
        failing.set(vendor, (failing.get(vendor) ?? new Set()).add(id));
      }
    }
    return Array.from(failing, ([subject, ids]) => ({
      subject,
      about: `Vendor ${subject} (${[...ids].slice(0, MOST_NAMED).join(', ')})`,
      value: ids.size,
    }));
  }
}
