import { Injectable } from '@nestjs/common';
import { RecentMap } from './recent-map.js';

const REMEMBERED_PROJECTS = 10_000;

/** In hundredths of an attempt: sums of whole numbers stay exact. */
interface Terms {
  /** What each call of a caller adds. */
  readonly perCall: number;
  readonly atStart: number;
  readonly most: number;
}

const ATTEMPT = 100;

/** How many attempts beyond the first a project may make: a share of its calls, so that an outage is no storm. */
class AttemptBudget {
  private readonly projects = new RecentMap<{ left: number }>(REMEMBERED_PROJECTS);

  constructor(private readonly terms: Terms) {}

  /** A caller calls. */
  deposit(projectId: string): void {
    const budget = this.of(projectId);
    budget.left = Math.min(budget.left + this.terms.perCall, this.terms.most);
  }

  /** False when the project may not make another attempt now; else that attempt is paid for. */
  withdraw(projectId: string): boolean {
    const budget = this.of(projectId);
    if (budget.left < ATTEMPT) {
      return false;
    }
    budget.left -= ATTEMPT;
    return true;
  }

  private of(projectId: string): { left: number } {
    let budget = this.projects.get(projectId);
    if (!budget) {
      budget = { left: this.terms.atStart };
      this.projects.add(projectId, budget);
    }
    return budget;
  }
}

/** Retries, failovers and hedges together: one for five calls, after the first ten. */
@Injectable()
export class RetryBudget extends AttemptBudget {
  constructor() {
    super({ perCall: 20, atStart: 1000, most: 10_000 });
  }
}

/** Hedges alone: one for twenty calls. A hedge is an attempt, too: it is withdrawn from both. */
@Injectable()
export class HedgeBudget extends AttemptBudget {
  constructor() {
    super({ perCall: 5, atStart: 100, most: 2000 });
  }
}
