/**
 * `value × 10^places` as an integer, rounded half up, without binary drift: it works on the decimal digits, which the
 * shortest text of a double gives back exactly for up to 15 of them.
 *
 * @throws RangeError when `value` is negative, not finite, or the result is beyond 2⁵³
 */
export function scaledDecimal(value: number, places: number): number {
  const [, whole, fraction = '', exponent = '0'] =
    /^(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(String(value)) ?? [];
  if (whole === undefined) {
    throw new RangeError('not a number from 0 upwards');
  }
  const digits = BigInt(whole + fraction);
  const shift = Number(exponent) + places - fraction.length;
  const scaled = shift >= 0 ? digits * 10n ** BigInt(shift) : halfUp(digits, 10n ** BigInt(-shift));
  if (scaled > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError('too large');
  }
  return Number(scaled);
}

export function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (numerator * 2n + denominator) / (denominator * 2n);
}
