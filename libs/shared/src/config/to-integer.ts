/** NaN for anything but a plain whole number, so that `1e3`, `0x10` or `3001abc` never pass by accident. */
export function toInteger(value: unknown): unknown {
  return typeof value === 'string' ? (/^\d+$/.test(value.trim()) ? Number(value) : Number.NaN) : value;
}
