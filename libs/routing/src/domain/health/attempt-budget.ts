import { Injectable } from '@nestjs/common';
import { RecentMap } from './recent-map.js';
import { type Patience, WaitingLine } from './waiting-line.js';

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

/** What is asked for by one name. */
interface Account extends Credit {
  /** What it took of the common credit and has not put back. */
  owed: number;
  /** Attempts that are under way. */
  pending: number;
  /** How many may be under way at the same time: grows with each that answers, shrinks with each that does not. */
  window: number;
}

interface ProjectBudget {
  /** For whatever is asked for: a hundred policies for one dead vendor have it once. */
  readonly common: Credit;
  /** What calls have added, by the model or policy they ask for. */
  readonly saved: RecentMap<Account>;
  /** Calls that nothing is left for while others may yet pay back. */
  readonly waiting: WaitingLine;
  /** Attempts that were paid for, and of which nobody knows yet whether they were a waste. */
  pending: number;
}

const ATTEMPT = 100;
/** Of the common credit, what is left to those who owe it nothing. */
const RESERVED = 2 * ATTEMPT;
/** A crowd shall not put all it has on a target that nobody knows yet. */
const LEAST_WINDOW = 4;
const FIRST_WINDOW = 8;
const WIDEST_WINDOW = 1024;

/** An attempt that was paid for. Say how it went, as soon as it is known. */
export class Withdrawal {
  private state: 'pending' | 'answered' | 'wasted' = 'pending';

  constructor(
    private readonly budget: ProjectBudget,
    private readonly own: Account,
    private readonly isCommon: boolean,
    private readonly terms: Terms,
  ) {
    budget.pending += 1;
    own.pending += 1;
  }

  /** The vendor answers: the attempt is paid back, and one more may be under way. */
  answered(): void {
    if (this.state === 'pending') {
      this.own.window = Math.min(this.own.window + 1, WIDEST_WINDOW);
      this.book(ATTEMPT);
      this.settle('answered', 2);
    }
  }

  /** It came to nothing, even if its vendor had begun to answer. */
  wasted(): void {
    if (this.state === 'answered') {
      this.book(-ATTEMPT);
    }
    this.own.window = Math.max(LEAST_WINDOW, Math.floor(this.own.window / 2));
    this.settle('wasted', 1);
  }

  /** It is over, and says nothing of those to come: it was extra load by design. */
  spent(): void {
    this.settle('wasted', 1);
  }

  /** @param free so many that wait may try now; all of them when there is nothing left to wait for */
  private settle(state: 'answered' | 'wasted', free: number): void {
    const { budget, own } = this;
    if (this.state === 'pending') {
      budget.pending -= 1;
      own.pending -= 1;
      budget.waiting.wake(budget.pending === 0 ? Infinity : free);
    }
    this.state = state;
  }

  private book(amount: number): void {
    const { own, terms, budget } = this;
    if (this.isCommon) {
      budget.common.left = Math.min(budget.common.left + amount, terms.atStart);
      own.owed = Math.max(0, own.owed - amount);
    } else {
      own.left = Math.min(own.left + amount, terms.most);
    }
  }
}

/**
 * How many attempts beyond the first a project may waste: a share of its calls, so that an outage is no storm. One that
 * answers is paid back: who has somebody to turn to is never kept from it. Half of the share is saved for what the calls ask
 * for, since a dead policy must not starve one that is well; half is common, for what is asked for rarely, and whoever owes it
 * something leaves the last of it to the others.
 */
export class AttemptBudget {
  private readonly projects = new RecentMap<ProjectBudget>(REMEMBERED_PROJECTS);

  constructor(private readonly terms: Terms) {}

  /** A caller calls. @param asked the name of the model or policy, as the caller wrote it */
  deposit(projectId: string, asked: string): void {
    const { perCall, atStart, most } = this.terms;
    const { common, saved } = this.of(projectId);
    const toCommon = Math.min(perCall / 2, atStart - common.left);
    const own = accountIn(saved, asked);
    common.left += toCommon;
    own.owed = Math.max(0, own.owed - toCommon);
    own.left = Math.min(own.left + perCall - toCommon, most);
  }

  /** Null when such calls may not make another attempt now; else that attempt is paid for. */
  withdraw(projectId: string, asked: string): Withdrawal | null {
    const budget = this.of(projectId);
    const own = accountIn(budget.saved, asked);
    const isCommon = own.left < ATTEMPT;
    const from = isCommon ? budget.common : own;
    if (own.pending >= own.window || from.left < (isCommon && own.owed > 0 ? RESERVED + ATTEMPT : ATTEMPT)) {
      return null;
    }
    from.left -= ATTEMPT;
    own.owed += isCommon ? ATTEMPT : 0;
    return new Withdrawal(budget, own, isCommon, this.terms);
  }

  /** Whether such calls could not make so many attempts more. */
  isShort(projectId: string, asked: string, attempts: number): boolean {
    const { common, saved } = this.of(projectId);
    return accountIn(saved, asked).left + common.left - RESERVED < attempts * ATTEMPT;
  }

  /** Resolves with true when `withdraw` may succeed now; with false when patience is over, or there is nothing to hope for. */
  async moreCredit(projectId: string, patience: Patience): Promise<boolean> {
    const { pending, waiting } = this.of(projectId);
    return pending > 0 && (await waiting.turn(patience));
  }

  private of(projectId: string): ProjectBudget {
    let budget = this.projects.get(projectId);
    if (!budget) {
      const saved = new RecentMap<Account>(REMEMBERED_NAMES, ({ pending }) => pending > 0);
      budget = { common: { left: this.terms.atStart }, saved, waiting: new WaitingLine(), pending: 0 };
      this.projects.add(projectId, budget);
    }
    return budget;
  }
}

function accountIn(saved: ProjectBudget['saved'], asked: string): Account {
  let account = saved.get(asked);
  if (!account) {
    account = { left: 0, owed: 0, pending: 0, window: FIRST_WINDOW };
    saved.add(asked, account);
  }
  return account;
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
