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
}

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
    this.payers = held.map(({ lease: { account, budget, window } }) => ({
      account: account.id,
      budgetId: budget.id,
      projectId: account.projectId,
      subject: account.subject,
      window: window.start,
    }));
    held.forEach(({ lease, nanoUsd: amount }) => lease.take(amount));
  }

  /** The attempt cost so much, which the ledger will have, too. Only the first call counts. */
  settle(nanoUsd: number): void {
    if (!this.isOver) {
      this.isOver = true;
      this.held.forEach(({ lease, nanoUsd: amount }) => lease.settle(amount, nanoUsd));
    }
  }
}
