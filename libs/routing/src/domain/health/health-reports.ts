import { Injectable } from '@nestjs/common';
import { Clock, ProcessId } from '@app/shared';
import type { HealthReport, SharedFacts } from './health-report.entity.js';
import { KeyCooldowns } from './key-cooldowns.js';
import type { GuardedTarget } from './recent-breakers.js';
import type { AnswerKind, TargetFacts } from './target-facts.js';
import { TargetHealth } from './target-health.js';

/** Those used lately go first, and more are not told: a report is read by everyone, every two seconds. */
const MOST_TOLD = 200;
/** A report that is first seen when it is older than this is from a gateway that is gone, or has nothing new to tell, in ms. */
const LIVING_MS = 30_000;
const KINDS: readonly AnswerKind[] = ['streams', 'wholes'];

interface Heard {
  readonly version: number;
  /** By breaker: the number of the last opening that was applied. */
  readonly openings: ReadonlyMap<string, number>;
}

/** What this gateway tells the others, and what it makes of theirs. */
@Injectable()
export class HealthReports {
  /** This gateway, as the others know it. */
  readonly replica: string;
  private version = 0;
  private heard: ReadonlyMap<string, Heard> = new Map();
  private toldOpenings: ReadonlyMap<string, number> = new Map();
  private toldChanges = 0;
  private readonly toldMeasured = new WeakMap<TargetFacts, number>();

  constructor(
    private readonly health: TargetHealth,
    private readonly cooldowns: KeyCooldowns,
    private readonly clock: Clock,
    { id }: ProcessId,
  ) {
    this.replica = id;
  }

  /**
   * What there is to tell; null when it is what was told before.
   *
   * @param anew tell it again: the last report did not arrive
   */
  next(anew = false): HealthReport | null {
    const targets = this.health.all();
    const openings = openingsOf(this.health.allBreakers());
    // Each takes note of what is told, so no `||` between them.
    const isNews = [anew, this.noteOpenings(openings), this.noteCooldowns(), this.noteMeasured(targets)];
    if (!isNews.includes(true)) {
      return null;
    }
    this.version += 1;
    const facts = { openings, keys: this.cooldowns.own().slice(0, MOST_TOLD), speeds: speedsOf(targets) };
    return { replica: this.replica, version: this.version, writtenAt: this.clock.now(), facts };
  }

  /**
   * Takes over what the others found out. Each opening of their breakers is applied once: whoever closed its own since
   * then knows better than a report that still lies there.
   *
   * @param reports of all others that there are
   */
  hear(reports: readonly HealthReport[]): void {
    const heard = new Map<string, Heard>();
    for (const report of reports) {
      const before = this.heard.get(report.replica);
      const isNews = before ? before.version !== report.version : this.isFresh(report);
      if (isNews) {
        this.apply(report.facts, before?.openings);
      }
      heard.set(report.replica, isNews || !before ? heardOf(report, isNews) : before);
    }
    this.heard = heard;
  }

  private apply({ openings, keys, speeds }: SharedFacts, applied?: ReadonlyMap<string, number>): void {
    for (const opening of openings) {
      const { id, owner = null, number, remainingMs, windowMs } = opening;
      if (applied?.get(nameOf(opening)) !== number && remainingMs > 0) {
        this.health.breaker(id, owner).openAsOthers(remainingMs, windowMs);
      }
    }
    for (const key of keys) {
      this.cooldowns.pauseAsOthers(key);
    }
    for (const { id, kind = 'streams', ...speed } of speeds) {
      this.health.of(id).hear(kind, speed);
    }
  }

  private noteOpenings(openings: SharedFacts['openings']): boolean {
    const before = this.toldOpenings;
    this.toldOpenings = numbersOf(openings);
    return openings.some(opening => before.get(nameOf(opening)) !== opening.number);
  }

  private noteCooldowns(): boolean {
    const before = this.toldChanges;
    this.toldChanges = this.cooldowns.changes;
    return before !== this.toldChanges;
  }

  private noteMeasured(targets: readonly TargetFacts[]): boolean {
    let isNew = false;
    for (const facts of targets) {
      if (facts.measured !== (this.toldMeasured.get(facts) ?? 0)) {
        this.toldMeasured.set(facts, facts.measured);
        isNew = true;
      }
    }
    return isNew;
  }

  /** By wall clocks, which may differ: a wrong guess costs the first report of a gateway, not its next. */
  private isFresh({ writtenAt }: HealthReport): boolean {
    return Math.abs(this.clock.now() - writtenAt) <= LIVING_MS;
  }
}

/** Openings that were not applied stay to be applied with the next report. */
function heardOf({ version, facts }: HealthReport, isApplied: boolean): Heard {
  return { version, openings: numbersOf(isApplied ? facts.openings : []) };
}

/** Of its breaker. */
function nameOf({ id, owner = '' }: SharedFacts['openings'][number]): string {
  return `${owner} ${id}`;
}

function numbersOf(openings: SharedFacts['openings']): ReadonlyMap<string, number> {
  return new Map(openings.map(opening => [nameOf(opening), opening.number]));
}

/** Those of the gateway's keys, which matter to all, go before those of single projects. */
function openingsOf(breakers: readonly GuardedTarget[]): SharedFacts['openings'] {
  const everybodys: SharedFacts['openings'][number][] = [];
  const projects: SharedFacts['openings'][number][] = [];
  for (const { id, owner, breaker } of breakers) {
    const opening = breaker.ownOpening();
    if (opening && owner === null) {
      everybodys.push({ id, ...opening });
    } else if (opening && owner !== null) {
      projects.push({ id, owner, ...opening });
    }
  }
  return [...everybodys, ...projects].slice(0, MOST_TOLD);
}

function speedsOf(targets: readonly TargetFacts[]): SharedFacts['speeds'] {
  const speeds: SharedFacts['speeds'][number][] = [];
  for (const facts of targets.slice(0, MOST_TOLD)) {
    for (const kind of KINDS) {
      const speed = facts.ownSpeed(kind);
      if (speed) {
        speeds.push({ id: facts.id, kind, ...speed });
      }
    }
  }
  return speeds;
}
