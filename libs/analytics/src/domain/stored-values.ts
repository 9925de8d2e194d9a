/** Column width of names in the store; longer ones would be refused there, and the record lost. */
const NAME_LENGTH = 191;

/** Null for nothing; without the NUL that PostgreSQL refuses, and short enough for every store. */
export function nameOf(text: string | null | undefined): string | null {
  return text ? text.slice(0, NAME_LENGTH).replaceAll('\0', '') : null;
}

/** Vendors send fractions and nonsense, stores take whole numbers. */
export function countOf(count: number | undefined): number {
  return count !== undefined && count > 0 && count <= Number.MAX_SAFE_INTEGER ? Math.round(count) : 0;
}
