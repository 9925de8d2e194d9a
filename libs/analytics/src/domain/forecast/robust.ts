/** Makes the median absolute deviation of normal values their standard deviation. */
const TO_SIGMA = 1.4826;

/** NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

/** How far values are from their middle, as a standard deviation that half of them may be wild without moving. */
export function spread(deviations: readonly number[]): number {
  return TO_SIGMA * median(deviations.map(Math.abs));
}
