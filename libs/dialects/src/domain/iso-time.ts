/** Seconds since 1970 as ISO 8601; null for a number that is no time, as a vendor may send one. */
export function isoTime(unixSeconds: number): string | null {
  const time = new Date(unixSeconds * 1000);
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
