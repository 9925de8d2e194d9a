/** What the project's one budget paid for a call, in nano-USD: all that was set aside, as a rule, where the record has an estimate. */
export function paidFor({ costNanoUsd, budgetCharges }) {
  return budgetCharges?.reduce((all, { nanoUsd }) => all + nanoUsd, 0) ?? costNanoUsd ?? 0;
}
