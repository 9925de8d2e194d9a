/**
 * As every store keeps text, and gives it back the same: without the NUL that PostgreSQL refuses, and without halves of surrogate pairs.
 *
 * @param longest characters, of which what is more is cut off
 */
export function storableText(text: string, longest: number): string {
  return text.slice(0, longest).replaceAll('\0', '').toWellFormed();
}
