/** What an account of a budget paid for a call of which nobody measured what it used. */
export class BudgetCharge {
  /** @example 01936f5a-7c1e-7a1b-8f00-0123456789ab */
  readonly budgetId!: string;
  /**
   * Which of the budget's accounts: one, or one each.
   *
   * @example 3f1c0b7a9d2e4c5f6a7b8c9d0e1f2a3b4c5d6e7f
   */
  readonly account!: string;
  /**
   * Start of the period in which it counts: Unix ms.
   *
   * @example 1764547200000
   */
  readonly window!: number;
  /**
   * In billionths of a US dollar.
   *
   * @example 250000
   */
  readonly nanoUsd!: number;
}
