import { nanoUsdOf, usdOf } from '@app/shared';
import { ApiProperty, IntersectionType, PartialType, PickType } from '@nestjs/swagger';
import { Budget, BUDGET_OPTIONS } from '../domain/budget.entity.js';
import type { Spending } from '../domain/budgets.service.js';

const REQUIRED = ['name', 'limitUsd', 'period'] as const;
/** What may be left out may not be null, but for what may be null itself. */
const AS_IT_IS = { skipNullProperties: false };

export class CreateBudget extends IntersectionType(
  PickType(Budget, REQUIRED),
  PartialType(PickType(Budget, BUDGET_OPTIONS), AS_IT_IS),
) {}

export class UpdateBudget extends PartialType(PickType(Budget, [...REQUIRED, ...BUDGET_OPTIONS]), AS_IT_IS) {}

export class BudgetPage {
  /** Oldest first. */
  readonly data!: Budget[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}

/** What is spent of a budget now. */
export class BudgetSpending {
  /** Whose it is: the values of what has a limit each, in the order of the budget's `each`; null for calls that name none. */
  @ApiProperty({ type: [String], example: ['user-4711'] })
  readonly subject!: (string | null)[];

  /**
   * By calls that are in the ledger, in US dollars.
   *
   * @example 12.345678901
   */
  readonly spentUsd!: number;

  /**
   * Set aside by gateways for calls under way, or to come, in US dollars.
   *
   * @example 0.25
   */
  readonly reservedUsd!: number;

  /**
   * In US dollars; below 0 when more was spent than may be.
   *
   * @example 12.904321099
   */
  readonly remainingUsd!: number;

  /**
   * When what is spent until now no longer counts, ISO 8601, UTC; null: never.
   *
   * @example 2026-12-01T00:00:00.000Z
   */
  readonly resetAt!: string | null;
}

export class BudgetSpendingPage {
  readonly data!: BudgetSpending[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 3f1c0b7a9d2e4c5f6a7b8c9d0e1f2a3b4c5d6e7f
   */
  readonly next!: string | null;
}

export class StandingBudget extends Budget {
  /**
   * Of the project; null when that was deleted at this moment.
   *
   * @example shop
   */
  readonly projectName!: string | null;

  /** What is spent of it now, by the first five that have a limit each; `GET …/budgets/{id}/spending` goes on behind `next`. */
  readonly spending!: BudgetSpendingPage;
}

export class StandingBudgetPage {
  /** Oldest first. */
  readonly data!: StandingBudget[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly next!: string | null;
}

export function toSpending(
  { limitUsd }: Pick<Budget, 'limitUsd'>,
  { subject, spent, reserved, resetAt }: Spending,
): BudgetSpending {
  return {
    subject: JSON.parse(subject) as (string | null)[],
    spentUsd: usdOf(spent),
    reservedUsd: usdOf(reserved),
    remainingUsd: usdOf(nanoUsdOf(limitUsd) - spent - reserved),
    resetAt: resetAt === null ? null : new Date(resetAt).toISOString(),
  };
}
