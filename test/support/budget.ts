import { type Budget, BUDGET_DEFAULTS } from '../../libs/budgets/src/domain/budget.entity.js';

/** One US dollar for all calls of the project `p`, for ever. */
export function aBudget(terms: Partial<Budget> = {}): Budget {
  return {
    ...BUDGET_DEFAULTS,
    id: 'b',
    projectId: 'p',
    name: 'all',
    limitUsd: 1,
    period: 'total',
    createdAt: '2026-11-27T00:00:00.000Z',
    version: 1,
    ...terms,
  };
}
