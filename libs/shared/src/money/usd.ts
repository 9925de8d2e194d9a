const NANO_PER_USD = 1e9;

/** As people and headers say it. */
export function usdOf(nanoUsd: number): number {
  return nanoUsd / NANO_PER_USD;
}

/** The nearest whole number of them. */
export function nanoUsdOf(amountUsd: number): number {
  return Math.round(amountUsd * NANO_PER_USD);
}
