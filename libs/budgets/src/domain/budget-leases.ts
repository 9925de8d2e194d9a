import { Injectable } from '@nestjs/common';
import { replaceRecord, Clock, ProcessId, StoreUnavailableError, within, nanoUsdOf } from '@app/shared';
import {
  accountId,
  type BudgetAccount,
  newAccount,
  since,
  takenAt,
  takenSince,
  withGrant,
} from './budget-account.js';
import { BudgetAccountRepository } from './budget-account.repository.js';
import type { Budget } from './budget.entity.js';
import { type BudgetWindow, keptFrom, windowAt } from './budget-window.js';
import { Lease } from './lease.js';

/** Whoever waits for a grant waits no longer. */
const DEADLINE_MS = 200;
/** Of what is left, this part is taken at once: the less there is, the more exactly it is shared. */
const SLICE = 1 / 32;
/** For so long a budget that gave nothing is not asked again. */
const BELIEVED_MS = 250;

interface NewLease {
  readonly budget: Budget;
  readonly subject: string;
  readonly window: BudgetWindow;
}

/** What this process may spend of which budget. The store is asked for a slice, and calls are held from that. */
@Injectable()
export class BudgetLeases {
  /** By budget, then by subject. */
  private readonly leases = new Map<string, Map<string, Lease>>();
  /** Of windows that are over: what they did not spend goes back. */
  private readonly over = new Set<Lease>();

  constructor(
    private readonly accounts: BudgetAccountRepository,
    private readonly process: ProcessId,
    private readonly clock: Clock,
  ) {}

  /** The lease of now. @param subject see `BudgetAccount` */
  of(budget: Budget, subject: string): Lease {
    const now = this.clock.now();
    let leases = this.leases.get(budget.id);
    if (!leases) {
      leases = new Map();
      this.leases.set(budget.id, leases);
    }
    const known = leases.get(subject);
    if (known?.budget === budget && now < known.window.end && now >= known.window.start) {
      return known;
    }
    const lease = this.renewed(known, { budget, subject, window: windowAt(budget, now) });
    leases.set(subject, lease);
    return lease;
  }

  /**
   * Gives back what was not touched since the last round, and forgets what nobody spends from any more.
   *
   * @param all also what was touched: nothing is spent from now on
   * @throws StoreUnavailableError (503) when one of them could not be given back, as the others were; the next round tries again
   */
  async round(all = false): Promise<void> {
    const failures: unknown[] = [];
    const giveBack = (lease: Lease): Promise<unknown> =>
      this.giveBack(lease).catch((error: unknown) => failures.push(error));
    for (const lease of this.over) {
      await giveBack(lease);
      if (lease.isIdle) {
        this.over.delete(lease);
      }
    }
    for (const [budgetId, leases] of this.leases) {
      for (const [subject, lease] of leases) {
        if (all || (!lease.isBusy && lease.waiting === 0)) {
          await giveBack(lease);
        }
        if (!lease.isBusy && lease.isIdle) {
          leases.delete(subject);
        }
        lease.isBusy = false;
      }
      if (leases.size === 0) {
        this.leases.delete(budgetId);
      }
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }

  private renewed(known: Lease | undefined, { budget, subject, window }: NewLease): Lease {
    const id = known?.account.id ?? accountId(budget.id, subject);
    if (known) {
      this.over.add(known);
    }
    for (const lease of this.over) {
      if (lease.account.id === id && lease.window.start === window.start) {
        this.over.delete(lease);
        return lease.under(budget, window);
      }
    }
    return new Lease({ id, projectId: budget.projectId, subject }, budget, window);
  }

  /**
   * Asks the store for more, so that this can be held. It may give less, or nothing: whoever asked looks at `available`.
   *
   * @throws StoreUnavailableError (503), within 200 ms
   */
  async grow(lease: Lease, nanoUsd: number): Promise<void> {
    if (lease.lastLeft !== null && this.clock.ticks() < lease.believedUntil) {
      return;
    }
    lease.wanted += nanoUsd;
    lease.asking ??= this.alone(lease, this.ask(lease));
    try {
      await within(DEADLINE_MS, lease.asking);
    } catch (error) {
      throw error instanceof StoreUnavailableError ? error : new StoreUnavailableError(error);
    }
  }

  /** What is neither spent nor held. */
  private async giveBack(lease: Lease): Promise<void> {
    if ((lease.available > 0 || lease.isUnsure) && !lease.asking) {
      lease.granted = Math.min(lease.granted, lease.used + lease.held); // first: nothing of it is spent meanwhile
      lease.isUnsure = true; // until the store has said that it has no more either
      const write = this.write(lease, account => withGrant(account, this.placeOf(lease), lease.granted));
      lease.asking = this.alone(lease, write);
      await lease.asking.finally(() => (lease.wanted = 0)); // whoever waited for this asks once more
    }
  }

  /** One word with the store at a time: what comes back must not be reckoned while more has been given, and is not known of yet. */
  private alone(lease: Lease, word: Promise<void>): Promise<void> {
    return word.finally(() => (lease.asking = null));
  }

  /** In one question for all that wait. */
  private async ask(lease: Lease): Promise<void> {
    await Promise.resolve();
    const { wanted } = lease;
    lease.wanted = 0;
    let more = 0;
    await this.write(lease, account => {
      lease.begin(takenAt(account, this.placeOf(lease)));
      const place = this.placeOf(lease);
      const limit = nanoUsdOf(lease.budget.limitUsd);
      const left = limit - takenSince(withGrant(account, place, lease.granted), lease.window.from);
      const missing = wanted - lease.available;
      more = Math.max(0, Math.min(left, missing + Math.floor(Math.max(0, left - missing) * SLICE)));
      lease.lastLeft = more < missing ? left - more : null;
      return more === 0 ? null : withGrant(account, place, lease.granted + more);
    });
    lease.granted += more;
    lease.believedUntil = this.clock.ticks() + BELIEVED_MS;
  }

  /** @param change null: nothing is to be changed */
  private async write(lease: Lease, change: (account: BudgetAccount) => BudgetAccount | null): Promise<void> {
    const { account, budget, window } = lease;
    const none = newAccount({ ...account, budgetId: budget.id });
    const changed = await replaceRecord(this.accounts, account.id, found => {
      const after = change(since(found ?? none, keptFrom(budget, window.start)));
      lease.isUnsure ||= after !== null; // should the store not answer
      return after;
    });
    if (changed) {
      lease.isUnsure = false;
    }
  }

  private placeOf(lease: Lease): ReturnType<Lease['placeOf']> {
    return lease.placeOf(this.process.id);
  }
}
