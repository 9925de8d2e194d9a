/** No UUIDv7 of that millisecond is before it, and none of an earlier one behind it. @param at Unix ms */
export function firstIdAt(at: number): string {
  const time = Math.max(0, Math.floor(at)).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-`;
}

/** The same where an id is without dashes. */
export function firstCompactIdAt(at: number): string {
  return firstIdAt(at).replaceAll('-', '');
}
