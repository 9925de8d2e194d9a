import { Injectable } from '@nestjs/common';
import { UsageRecorder } from '@app/analytics';
import { Clock } from '@app/shared';
import { MOST_WINDOW_MINUTES } from './alert.entity.js';

const MINUTE_MS = 60_000;

export interface Endings {
  readonly calls: number;
  readonly failed: number;
  /** Some of the time they were not counted: the gateway was not there, or nobody watched. */
  readonly isPartial: boolean;
}

interface Counts {
  calls: number;
  failed: number;
}

/** How calls of this gateway ended lately, minute by minute: of the projects that somebody watches, and altogether. */
@Injectable()
export class RecentEndings {
  /** By minute since 1970, and by project; null: all. */
  private readonly minutes = new Map<number, Map<string | null, Counts>>();
  /** The first minute of which all calls are counted, by project. Null until it is told who is watched: then all are. */
  private watched: ReadonlyMap<string | null, number> | null = null;
  private readonly first: number;

  constructor(
    recorder: UsageRecorder,
    private readonly clock: Clock,
  ) {
    this.first = this.minute + 1;
    recorder.onRecord(({ projectId, outcome, status }) => {
      const isFailed = outcome === 'cut' || (outcome === 'failed' && status >= 500); // what callers do wrong wakes nobody
      this.add(null, isFailed);
      this.add(projectId, isFailed);
    });
  }

  /** Calls of these are counted from now on, and of no other project. @param projects null: all calls together */
  watch(projects: ReadonlySet<string | null>): void {
    const { watched: before } = this;
    const next = this.minute + 1;
    const sinceOf = (project: string | null): number =>
      before === null ? this.first : (before.get(project) ?? next);
    this.watched = new Map(Array.from(projects, project => [project, sinceOf(project)]));
  }

  /** In the last so many minutes that have begun. */
  of(projectId: string | null, windowMinutes: number): Endings {
    const last = this.minute;
    const begin = last - windowMinutes + 1;
    const since = this.watched?.get(projectId) ?? this.first;
    const sum = { calls: 0, failed: 0, isPartial: since > begin };
    for (let minute = begin; minute <= last; minute += 1) {
      const counts = this.minutes.get(minute)?.get(projectId);
      sum.calls += counts?.calls ?? 0;
      sum.failed += counts?.failed ?? 0;
    }
    return sum;
  }

  private get minute(): number {
    return Math.floor(this.clock.now() / MINUTE_MS);
  }

  private add(projectId: string | null, isFailed: boolean): void {
    if (this.watched?.has(projectId) === false) {
      return;
    }
    const { minute } = this;
    let counts = this.minutes.get(minute);
    if (!counts) {
      counts = new Map();
      this.minutes.set(minute, counts);
      this.forget(minute - MOST_WINDOW_MINUTES);
    }
    let own = counts.get(projectId);
    if (!own) {
      own = { calls: 0, failed: 0 };
      counts.set(projectId, own);
    }
    own.calls += 1;
    own.failed += isFailed ? 1 : 0;
  }

  private forget(last: number): void {
    for (const minute of this.minutes.keys()) {
      if (minute <= last) {
        this.minutes.delete(minute);
      }
    }
  }
}
