import { Injectable } from '@nestjs/common';
import { RecentMap } from './recent-map.js';

const REMEMBERED_PROJECTS = 10_000;
/** Callers invent names of models. */
const REMEMBERED_NAMES = 100;

/** In hundredths of an attempt: sums of halves stay exact. */
interface Terms {
  /** What each call of a caller adds. */
  readonly perCall: number;
  /** What a project begins with, and has in common at most. */
  readonly atStart: number;
  /** What is saved for one name at most. */
  readonly most: number;
}

interface Credit {
  left: number;
}

interface ProjectBudget {
  /** For whatever is asked for: a hundred policies for one dead vendor have it once. */
  readonly common: Credit;
  /** What calls have added, by the model or policy they ask for. */
  readonly saved: RecentMap<Credit>;
}

const ATTEMPT = 100;

/**
 * How many attempts beyond the first a project may make: a share of its calls, so that an outage is no storm. Half of that is
 * saved for what they ask for, since a dead policy must not starve one that is well; half is common, for what is asked for
 * rarely.
 */
export class AttemptBudget {
  private readonly projects = new RecentMap<ProjectBudget>(REMEMBERED_PROJECTS);

  constructor(private readonly terms: Terms) {}

  /** A caller calls. @param asked the name of the model or policy, as the caller wrote it */
  deposit(projectId: string, asked: string): void {
    const { perCall, atStart, most } = this.terms;
    const { common, saved } = this.of(projectId);
    const toCommon = Math.min(perCall / 2, atStart - common.left);
    common.left += toCommon;
    const own = savedIn(saved, asked);
    own.left = Math.min(own.left + perCall - toCommon, most);
  }

  /** False when such calls may not make another attempt now; else that attempt is paid for. */
  withdraw(projectId: string, asked: string): boolean {
    const { common, saved } = this.of(projectId);
    const credit = [savedIn(saved, asked), common].find(({ left }) => left >= ATTEMPT);
    if (!credit) {
      return false;
    }
    credit.left -= ATTEMPT;
    return true;
  }

  private of(projectId: string): ProjectBudget {
    let budget = this.projects.get(projectId);
    if (!budget) {
      budget = { common: { left: this.terms.atStart }, saved: new RecentMap(REMEMBERED_NAMES) };
      this.projects.add(projectId, budget);
    }
    return budget;
  }
}

function savedIn(saved: ProjectBudget['saved'], asked: string): Credit {
  let credit = saved.get(asked);
  if (!credit) {
    credit = { left: 0 };
    saved.add(asked, credit);
  }
  return credit;
}

/** Retries, failovers and hedges together: one for five calls, after the project's first ten. */
@Injectable()
export class RetryBudget extends AttemptBudget {
  constructor() {
    super({ perCall: 20, atStart: 1000, most: 10_000 });
  }
}

/** Hedges alone: one for twenty calls, after the project's first. A hedge is an attempt, too: it is withdrawn from both. */
@Injectable()
export class HedgeBudget extends AttemptBudget {
  constructor() {
    super({ perCall: 5, atStart: 100, most: 2000 });
  }
}
