import { Inject, Injectable } from '@nestjs/common';
import { replaceRecord, LOGGER, type Logger, nanoUsdOf, usdOf } from '@app/shared';
import {
  type BudgetAccount,
  newAccount,
  since,
  spentSince,
  withCorrection,
  withoutProcess,
  withSpent,
} from './budget-account.js';
import { BudgetAccountRepository } from './budget-account.repository.js';
import { BudgetBook } from './budget-book.js';
import type { Budget } from './budget.entity.js';
import { keptFrom, windowAt } from './budget-window.js';
import type { Payer } from './reservation.js';

/** What a call in the ledger cost its accounts. */
export interface Charge {
  readonly payers: readonly Payer[];
  readonly nanoUsd: number;
  /** Another process had set it aside, and was killed. */
  readonly isInherited?: true;
}

/** Calls that a process's spool gives together. */
export interface ChargedBatch {
  readonly process: string;
  /** Grows from batch to batch of a process. */
  readonly seq: number;
}

/** A call whose cost somebody found out after it was paid for. */
export interface Settlement {
  readonly call: string;
  /** Grows with every settlement of a call; 0: another call told it, and nobody corrects that. */
  readonly number: number;
  /** What its accounts paid. */
  readonly paid: readonly (Pick<Payer, 'account' | 'window'> & { readonly nanoUsd: number })[];
  /** What it cost. */
  readonly nanoUsd: number;
}

const PAGE = 200;

interface Sum {
  readonly payer: Payer;
  spent: number;
  inherited: number;
}

/** Brings what calls cost from the spool into the accounts, each batch once: the account itself knows which it has. */
@Injectable()
export class Charges {
  constructor(
    private readonly accounts: BudgetAccountRepository,
    private readonly book: BudgetBook,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** The same batch again changes nothing. @throws StoreUnavailableError (503): then it is to be given again */
  async apply(batch: ChargedBatch, charges: readonly Charge[]): Promise<void> {
    for (const [id, sums] of byAccount(charges)) {
      await this.charge(id, sums, batch);
    }
  }

  /**
   * A process is no more, and all its batches were applied: what it was granted and did not spend is free again.
   *
   * @throws StoreUnavailableError (503): then it is to be said again
   */
  async release(process: string): Promise<void> {
    let after: string | undefined;
    for (;;) {
      const ids = await this.accounts.sharedBy(process, PAGE, after);
      for (const id of ids) {
        await replaceRecord(this.accounts, id, account => account && withoutProcess(account, process));
      }
      after = ids.at(-1);
      if (ids.length < PAGE) {
        return;
      }
    }
  }

  /**
   * The accounts of a call that is in the ledger get back what they paid too much, or pay the rest, in the period in which they
   * paid; a period that is over stays as it is. The same settlement again, or an earlier one, changes nothing.
   *
   * @throws StoreUnavailableError (503): then it is to be given again
   */
  async settle({ call, number, paid, nanoUsd }: Settlement): Promise<void> {
    for (const [account, windows] of paidBy(paid)) {
      await replaceRecord(this.accounts, account, found => {
        const after = [...windows].reduce<BudgetAccount | null>(
          (one, [start, sum]) =>
            one && withCorrection(one, { start, call }, { number, nanoUsd: nanoUsd - sum }),
          found,
        );
        return after === found ? null : after;
      });
    }
  }

  /** A budget that was deleted meanwhile needs no account. */
  private async charge(
    id: string,
    sums: readonly Sum[],
    { process, seq: mark }: ChargedBatch,
  ): Promise<void> {
    const [{ payer } = { payer: null }] = sums;
    const budgets = payer ? await this.book.get(payer.projectId) : [];
    const budget = budgets.find(one => one.id === payer?.budgetId);
    if (!payer || !budget) {
      return;
    }
    const { budgetId, projectId, subject } = payer;
    const none = newAccount({ id, budgetId, projectId, subject });
    const changed = await replaceRecord(this.accounts, id, found => {
      const account = found ?? none;
      const after = sums.reduce(
        (one, { payer: { window: start }, ...sum }) => withSpent(one, { start, process }, { ...sum, mark }),
        account,
      );
      return after === account ? null : since(after, keptFrom(budget, newest(after)));
    });
    if (changed) {
      this.tellAlerts(budget, changed.before ?? none, changed.after);
    }
  }

  /** Once for each, by whichever gateway brings the call in that reaches it. */
  private tellAlerts(budget: Budget, before: BudgetAccount, after: BudgetAccount): void {
    const { from } = windowAt(budget, newest(after));
    const is = spentSince(after, from);
    for (const percent of reached(budget, spentSince(before, from), is)) {
      const { id: budgetId, name, projectId, limitUsd } = budget;
      this.logger.warn(
        { budgetId, budget: name, projectId, subject: after.subject, percent, spentUsd: usdOf(is), limitUsd },
        'A budget has reached a threshold.',
      );
    }
  }
}

function newest({ windows }: BudgetAccount): number {
  return windows.at(-1)?.start ?? 0;
}

function reached(budget: Budget, was: number, is: number): number[] {
  return budget.alertAt.filter(percent => {
    const threshold = (nanoUsdOf(budget.limitUsd) * percent) / 100;
    return was < threshold && is >= threshold;
  });
}

/** By account, then by window: attempts of a call may have been paid by the same one. */
function paidBy(paid: Settlement['paid']): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const sums = new Map<string, Map<number, number>>();
  for (const { account, window, nanoUsd } of paid) {
    const known = sums.get(account) ?? new Map<number, number>();
    sums.set(account, known.set(window, (known.get(window) ?? 0) + nanoUsd));
  }
  return sums;
}

/** Of each account, one for each window. */
function byAccount(charges: readonly Charge[]): ReadonlyMap<string, readonly Sum[]> {
  const sums = new Map<string, Sum[]>();
  for (const { payers, nanoUsd, isInherited } of charges) {
    for (const payer of payers) {
      const known = sums.get(payer.account) ?? [];
      let sum = known.find(one => one.payer.window === payer.window);
      if (!sum) {
        sum = { payer, spent: 0, inherited: 0 };
        known.push(sum);
        sums.set(payer.account, known);
      }
      sum[isInherited ? 'inherited' : 'spent'] += payer.nanoUsd ?? nanoUsd;
    }
  }
  return sums;
}
