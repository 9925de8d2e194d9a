import { Injectable } from '@nestjs/common';
import { StoreUnavailableError, nanoUsdOf } from '@app/shared';
import { BudgetBook } from './budget-book.js';
import type { Budget } from './budget.entity.js';
import { BudgetLeases } from './budget-leases.js';
import { BudgetExceededError, UnknownCostError } from './budgets.errors.js';
import type { Lease } from './lease.js';
import { clampedTo, type MostCost, totalOf } from './most-cost.js';
import { Reservation } from './reservation.js';
import { type Spender, subjectsOf } from './spender.js';

/** Others may take what a question to the store brought. */
const ATTEMPTS = 4;

/** What a call needs of one account. */
interface Need {
  readonly lease: Lease;
  /** Nano-USD; null when the call must be clamped to be held at all. */
  nanoUsd: number | null;
  /** It goes on though nothing is left. */
  isForced: boolean;
}

/** Sets the most that a call can cost aside, in all the budgets that it counts for or in none, before a vendor is asked. */
@Injectable()
export class Reservations {
  constructor(
    private readonly book: BudgetBook,
    private readonly leases: BudgetLeases,
  ) {}

  /** Whether it is known that no budget counts for a project, as for nearly all. */
  areNone(projectId: string): boolean {
    return this.book.peek(projectId)?.length === 0;
  }

  /** At once when the store was asked within the last second. @throws StoreUnavailableError (503) */
  budgetsOf(projectId: string): readonly Budget[] | Promise<readonly Budget[]> {
    return this.book.peek(projectId) ?? this.book.get(projectId);
  }

  /**
   * At once when the store need not be asked, as nearly always.
   *
   * @param budgets of the project
   * @param mostOf asked only when one of them counts
   * @returns null when none counts
   * @throws BudgetExceededError, UnknownCostError (402), StoreUnavailableError (503, within 200 ms)
   */
  reserve(
    budgets: readonly Budget[],
    spender: Spender,
    mostOf: () => MostCost,
  ): Reservation | null | Promise<Reservation> {
    const leases = this.leasesOf(budgets, spender);
    if (leases.length === 0) {
      return null;
    }
    const most = mostOf();
    const needs = leases.map(lease => needOf(lease, most));
    return needs.every(fits) ? reservationOf(needs, most, null) : this.waitFor(needs, most);
  }

  /**
   * For what its vendor bills whether or not anything is left: it counts in all the budgets, and asks no store.
   *
   * @returns as of `reserve`
   */
  owe(budgets: readonly Budget[], spender: Spender, mostOf: () => MostCost): Reservation | null {
    const leases = this.leasesOf(budgets, spender);
    if (leases.length === 0) {
      return null;
    }
    const most = mostOf();
    const nanoUsd = totalOf(most) ?? 0;
    const needs = leases.map(lease => ({ lease, nanoUsd, isForced: true }));
    return reservationOf(needs, most, null);
  }

  private leasesOf(budgets: readonly Budget[], spender: Spender): Lease[] {
    const leases: Lease[] = [];
    for (const budget of budgets) {
      for (const subject of subjectsOf(budget, spender)) {
        leases.push(this.leases.of(budget, subject));
      }
    }
    return leases;
  }

  /** The leases stay as they are until this call has taken from them, or not. */
  private async waitFor(needs: readonly Need[], most: MostCost): Promise<Reservation> {
    needs.forEach(({ lease }) => (lease.waiting += 1));
    try {
      return await this.wait(needs, most);
    } finally {
      needs.forEach(({ lease }) => (lease.waiting -= 1));
    }
  }

  private async wait(needs: readonly Need[], most: MostCost): Promise<Reservation> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      const lacking = needs.filter(need => !fits(need));
      await Promise.all(lacking.map(need => this.grow(need)));
      if (needs.every(fits)) {
        return reservationOf(needs, most, null);
      }
      if (lacking.some(({ lease }) => lease.lastLeft !== null)) {
        break;
      }
    }
    return clampedReservation(needs, most) ?? refuse(needs, most);
  }

  private async grow(need: Need): Promise<void> {
    const { lease, nanoUsd } = need;
    try {
      await this.leases.grow(lease, nanoUsd ?? nanoUsdOf(lease.budget.limitUsd));
    } catch (error) {
      if (!(error instanceof StoreUnavailableError) || !lease.budget.failOpen) {
        throw error;
      }
      need.isForced = true;
    }
  }
}

/** @throws UnknownCostError (402) */
function needOf(lease: Lease, most: MostCost): Need {
  const { hard, clampOutput, unknownCostUsd, name } = lease.budget;
  const total = totalOf(most);
  if (!hard || total !== null) {
    return { lease, nanoUsd: total ?? 0, isForced: !hard };
  }
  if (clampOutput && most.canBeShorter && most.fixed !== null && most.outputRate !== null) {
    return { lease, nanoUsd: null, isForced: false };
  }
  if (unknownCostUsd === null) {
    throw new UnknownCostError(name, most.unknown);
  }
  return { lease, nanoUsd: nanoUsdOf(unknownCostUsd), isForced: false };
}

function fits({ lease, nanoUsd, isForced }: Need): boolean {
  return isForced || (nanoUsd !== null && nanoUsd <= lease.available);
}

function reservationOf(needs: readonly Need[], most: MostCost, outputTokens: number | null): Reservation {
  const held = needs.map(({ lease, nanoUsd }) => ({ lease, nanoUsd: nanoUsd ?? 0 }));
  const known = totalOf(most) ?? held.reduce((sum, { nanoUsd }) => Math.max(sum, nanoUsd), 0);
  return new Reservation(held, known, outputTokens);
}

/** With an answer as long as what is left allows, where all that lack something allow that. */
function clampedReservation(needs: readonly Need[], most: MostCost): Reservation | null {
  const lacking = needs.filter(need => !fits(need));
  if (!lacking.every(({ lease }) => lease.budget.clampOutput)) {
    return null;
  }
  const clamped = clampedTo(most, Math.min(...lacking.map(({ lease }) => lease.available)));
  if (!clamped) {
    return null;
  }
  const nanoUsd = totalOf(clamped) ?? 0;
  return reservationOf(
    needs.map(need => ({ ...need, nanoUsd })),
    clamped,
    clamped.outputTokens,
  );
}

/** @throws BudgetExceededError (402) of the budget that lacks most */
function refuse(needs: readonly Need[], most: MostCost): never {
  const [first] = needs
    .filter(need => !fits(need))
    .toSorted((one, other) => leftOf(one.lease) - leftOf(other.lease));
  if (!first) {
    throw new Error('Nothing was lacking.');
  }
  throw new BudgetExceededError(first.lease, first.nanoUsd ?? most.fixed ?? 0, leftOf(first.lease));
}

function leftOf({ available, lastLeft }: Lease): number {
  return available + (lastLeft ?? 0);
}
