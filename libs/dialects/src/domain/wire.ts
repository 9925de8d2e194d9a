/** A JSON object off the wire. Its fields are looked at one by one: vendors add and leave out some every week. */
export type Wire = Readonly<Record<string, unknown>>;

export type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Part of ES2025's neighbourhood and of Node 22+, but not yet of TypeScript's library. */
const { isRawJSON } = JSON as unknown as { isRawJSON(value: unknown): boolean };

/** A number beyond a double's reach, kept by `parseExact`. */
export function isRawNumber(value: unknown): value is { readonly rawJSON: string } {
  return isRawJSON(value);
}

export function isObject(value: unknown): value is Wire {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    // Asking the engine costs more than all the rest; few objects need it.
    !('rawJSON' in value && isRawJSON(value))
  );
}

/** Null on the wire means absent. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** The string there, if it says anything. */
export function textAt(wire: Wire, key: string): string {
  const value = wire[key];
  return typeof value === 'string' ? value : '';
}

export function objectAt(wire: Wire, key: string): Wire | undefined {
  const value = wire[key];
  return isObject(value) ? value : undefined;
}

export function listAt(wire: Wire, key: string): readonly unknown[] {
  const value = wire[key];
  return Array.isArray(value) ? value : [];
}

export function objectsAt(wire: Wire, key: string): readonly Wire[] {
  return listAt(wire, key).filter(isObject);
}

export function recordOr(value: unknown): Wire {
  return isObject(value) ? value : {};
}

export function recordsOf(value: unknown): readonly Wire[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
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

/** The object itself, which must be fresh, without the members that are undefined. */
export function withoutUndefined<T extends object>(value: T): T {
  for (const key in value) {
    if (value[key] === undefined) {
      delete value[key];
    }
  }
  return value;
}

/**
 * Members that nobody claims, for `native`; undefined when there are none. `inner` is one member that is looked into
 * too: what it holds besides `innerKnown` comes back under its name.
 */
export function leftover(
  wire: Wire,
  known: ReadonlySet<string>,
  inner?: string,
  innerKnown?: ReadonlySet<string>,
): Wire | undefined {
  let rest: Record<string, unknown> | undefined;
  for (const key in wire) {
    if (!known.has(key) && key !== inner && !isAbsent(wire[key])) {
      rest ??= {};
      rest[key] = wire[key];
    }
  }
  const nested = inner !== undefined && innerKnown ? objectAt(wire, inner) : undefined;
  const nestedRest = nested && innerKnown && leftover(nested, innerKnown);
  return nestedRest ? { ...rest, [inner ?? '']: nestedRest } : rest;
}

/** The opposite of `leftover`: puts native members back, one level deep. */
export function merge(wire: Record<string, unknown>, native: Wire | undefined): Record<string, unknown> {
  if (native) {
    for (const [key, value] of Object.entries(native)) {
      const present = wire[key];
      wire[key] = isObject(present) && isObject(value) ? { ...present, ...value } : value;
    }
  }
  return wire;
}

const LINE_SEPARATORS = /[\u2028\u2029]/;

/** JSON without raw U+2028 and U+2029, on which older clients split lines (PROTOCOLS 1.6). */
export function toJson(value: unknown): string {
  const json = JSON.stringify(value);
  return LINE_SEPARATORS.test(json)
    ? json.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
    : json;
}
