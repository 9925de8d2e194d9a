import type { Charge } from '@app/budgets';
import type { BudgetCharge } from './budget-charge.entity.js';

/** What of a charge may be corrected once somebody knows what the call cost; null when its accounts paid just that, or there are none. */
export function budgetCharges(charge: Charge | undefined): BudgetCharge[] | null {
  const charges = charge?.payers.flatMap(({ budgetId, account, window, nanoUsd }) =>
    nanoUsd === undefined ? [] : [{ budgetId, account, window, nanoUsd }],
  );
  return charges && charges.length > 0 ? charges : null;
}
