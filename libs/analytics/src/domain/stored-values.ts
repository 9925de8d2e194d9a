/** Column width of names in the store; longer ones would be refused there, and the record lost. */
const NAME_LENGTH = 191;

/**
 * Null for nothing; without the NUL that PostgreSQL refuses, short enough for every store, and as text that comes back the same: half
 * of a surrogate pair would not.
 */
export function nameOf(text: string | null | undefined): string | null {
  return text ? text.slice(0, NAME_LENGTH).replaceAll('\0', '').toWellFormed() : null;
}
