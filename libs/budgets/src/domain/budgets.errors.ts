import { ConflictError, GatewayError, nanoUsdOf, usdOf } from '@app/shared';
import type { Lease } from './lease.js';

/** 402: a budget has less left than the call may cost. */
export class BudgetExceededError extends GatewayError {
  /** @param mostNanoUsd what the call may cost @param leftNanoUsd what it could have had */
  constructor({ budget, window }: Lease, mostNanoUsd: number, leftNanoUsd: number) {
    const left = Math.max(0, leftNanoUsd);
    const resetAt = window.resetAt === null ? null : new Date(window.resetAt).toISOString();
    const wait = resetAt === null ? '' : `, wait for ${resetAt}`;
    super(
      `The budget '${budget.name}' of ${budget.limitUsd} USD has ${usdOf(left)} USD left, and this call may cost up to ` +
        `${usdOf(mostNanoUsd)} USD. Ask for fewer output tokens or a cheaper model${wait}, or have the budget raised.`,
      {
        status: 402,
        type: 'insufficient_quota',
        code: 'budget_exceeded',
        shouldRetry: false,
        metadata: {
          budget_id: budget.id,
          budget: budget.name,
          limit_usd: budget.limitUsd,
          used_usd: usdOf(nanoUsdOf(budget.limitUsd) - left),
          remaining_usd: usdOf(left),
          call_usd: usdOf(mostNanoUsd),
          reset_at: resetAt,
        },
      },
    );
  }
}

/** 402: nobody can tell what the call may cost at most, and a budget must not be exceeded. */
export class UnknownCostError extends GatewayError {
  /** @param why e.g. `the price of openai/x is not known` */
  constructor(budget: string, why: string) {
    super(
      `The budget '${budget}' counts for this call, and ${why}. Have the budget's unknownCostUsd set, or use what has a ` +
        'known limit.',
      { status: 402, type: 'insufficient_quota', code: 'unknown_cost', shouldRetry: false },
    );
  }
}

/** 409 */
export class TooManyBudgetsError extends ConflictError {
  constructor(limit: number) {
    super(`A project has ${limit} budgets at most. Delete one that is not used.`, 'too_many_budgets');
  }
}
