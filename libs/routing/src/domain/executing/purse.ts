import type { AttemptBudget, HedgeBudget, RetryBudget, Withdrawal } from '../health/attempt-budget.js';
import type { Patience } from '../health/waiting-line.js';

export interface AttemptBudgets {
  readonly retries: RetryBudget;
  readonly hedges: HedgeBudget;
}

interface Payer {
  readonly call: { readonly projectId: string };
  /** The model name as the caller asked it. */
  readonly modelAsked: string;
}

/** What one call pays its attempts from, but for the first, which is free. */
export class Purse {
  /** For the attempt that is under way. */
  private paid: Withdrawal | null = null;

  constructor(
    private readonly budgets: AttemptBudgets,
    private readonly payer: Payer,
  ) {}

  /** False when the project may not make another attempt now. */
  pay(): boolean {
    this.paid = this.withdraw(this.budgets.retries);
    return this.paid !== null;
  }

  /** For a second flight beside the first: that is extra load, whatever becomes of it. */
  payHedge(): boolean {
    const hedge = this.withdraw(this.budgets.hedges);
    const attempt = hedge && this.withdraw(this.budgets.retries);
    hedge?.spent();
    attempt?.spent();
    return attempt !== null;
  }

  /** While attempts of other calls are under way, and may be paid back. False when there is no hope. */
  moreCredit(patience: Patience): Promise<boolean> {
    return this.budgets.retries.moreCredit(this.payer.call.projectId, patience);
  }

  /** The attempt under way begins to answer. */
  answered(): void {
    this.paid?.answered();
  }

  /** The attempt under way came to nothing, even if it had begun to answer. */
  wasted(): void {
    this.paid?.wasted();
  }

  /** It was overtaken by the hedge beside it. */
  spent(): void {
    this.paid?.spent();
  }

  /** Whether the project could not make so many attempts more. */
  isShort(attempts: number): boolean {
    const { call, modelAsked } = this.payer;
    return this.budgets.retries.isShort(call.projectId, modelAsked, attempts);
  }

  private withdraw(budget: AttemptBudget): Withdrawal | null {
    return budget.withdraw(this.payer.call.projectId, this.payer.modelAsked);
  }
}
