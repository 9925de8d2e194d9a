import type { Lease } from './lease.js';

/** An account that pays for a call: written beside the call, so that whoever brings it into the ledger charges it once. */
export interface Payer {
  /** Id of the account. */
  readonly account: string;
  readonly budgetId: string;
  readonly projectId: string;
  readonly subject: string;
  /** Start of its window, in Unix ms. */
  readonly window: number;
  /** Nano-USD that it pays; absent: what the call cost. */
  readonly nanoUsd?: number;
}

/**
 * How well the cost of an attempt is known: `measured` by its vendor, which told what was used; `estimated` by what was seen of an
 * answer; `unseen`: an answer that the vendor may have made whole, and of which nobody saw anything.
 */
export type Certainty = 'measured' | 'estimated' | 'unseen';

interface Held {
  readonly lease: Lease;
  readonly nanoUsd: number;
}

/** What is set aside for one attempt of a call, in every budget that it counts for. */
export class Reservation {
  readonly payers: readonly Payer[];
  private isOver = false;

  /**
   * @param nanoUsd the most that the attempt can cost, as far as that is known
   * @param outputTokens to which the answer must be limited; null: as it was asked
   */
  constructor(
    private readonly held: readonly Held[],
    readonly nanoUsd: number,
    readonly outputTokens: number | null,
  ) {
    this.payers = held.map(payerOf);
    held.forEach(({ lease, nanoUsd: amount }) => lease.take(amount));
  }

  /** Who pays for the attempt, and how much, when nobody lives to tell what it cost. */
  get most(): readonly Payer[] {
    return this.held.map(held => ({ ...payerOf(held), nanoUsd: this.unmeasured(held, null, 'unseen') }));
  }

  /** Whether a hard budget would pay more than was set aside in it. */
  isExceededBy(nanoUsd: number): boolean {
    return this.held.some(({ lease: { budget }, nanoUsd: held }) => budget.hard && nanoUsd > held);
  }

  /**
   * The attempt is over. Only the first call counts.
   *
   * @param nanoUsd what it cost, which the ledger will have, too; null when nobody knows
   * @returns who pays for it, and how much
   */
  settle(nanoUsd: number | null, certainty: Certainty = 'measured'): readonly Payer[] {
    const isKnown = nanoUsd !== null && certainty === 'measured';
    const paidBy = (held: Held): number => (isKnown ? nanoUsd : this.unmeasured(held, nanoUsd, certainty));
    if (!this.isOver) {
      this.isOver = true;
      this.held.forEach(held => held.lease.settle(held.nanoUsd, paidBy(held)));
    }
    return isKnown ? this.payers : this.held.map(held => ({ ...payerOf(held), nanoUsd: paidBy(held) }));
  }

  /**
   * What the vendor's bill must not exceed pays all that was set aside in it; for an answer that nobody saw also where estimates
   * would do: its length cannot be guessed, and who hangs up in time could have answers for the price of their prompts.
   */
  private unmeasured(
    { lease: { budget }, nanoUsd: held }: Held,
    estimate: number | null,
    certainty: Certainty,
  ): number {
    return budget.hard && (estimate === null || certainty === 'unseen' || budget.unmeasuredCost === 'maximum')
      ? Math.max(held, estimate ?? 0)
      : (estimate ?? this.nanoUsd);
  }
}

function payerOf({ lease: { account, budget, window } }: Held): Payer {
  return {
    account: account.id,
    budgetId: budget.id,
    projectId: account.projectId,
    subject: account.subject,
    window: window.start,
  };
}
