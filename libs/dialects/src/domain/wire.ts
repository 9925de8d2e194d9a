/** Fields of vendor JSON are looked at one by one: vendors add and leave out some every week. */
export type Wire = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is Wire {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordOr(value: unknown): Wire {
  return isRecord(value) ? value : {};
}

export function recordsOf(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function listOr(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function stringOr<T>(value: unknown, otherwise: T): string | T {
  return typeof value === 'string' ? value : otherwise;
}

export function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' ? value : otherwise;
}

/** The entry of a table under a name that came from outside, where the members of every object are no entries. */
export function entryOf<T>(table: Readonly<Record<string, T>>, name: unknown): T | undefined {
  return typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined;
}
