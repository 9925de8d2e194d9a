import { isObject } from '@app/shared';

type Json = Readonly<Record<string, unknown>>;

/** Names of our own begin so; a member's that does, too, gets one more of it. */
const MARK = '*';
/** A list of objects with the same members: how many. The other members are its columns. */
const ROWS = '*rows';
/** A list of so many times the same. */
const TIMES = '*times';
const ALL = '*all';
/** A list of texts that repeat: the different ones, and which of them stands where. */
const TEXTS = '*texts';
const AT = '*at';
/** Shorter lists are not worth it. */
const SHORTEST = 4;

/**
 * The same in fewer bytes of JSON: lists of like objects become tables, and nothing is said twice in a list. `unfolded` gives
 * back what `JSON.stringify` would have said, member by member.
 *
 * @param value plain JSON
 */
export function folded(value: unknown): unknown {
  if (Array.isArray(value)) {
    return foldedList(value);
  }
  return isObject(value) ? mapped(value, escaped, folded) : value;
}

/** @param value what `folded` made */
export function unfolded(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unfolded);
  }
  if (!isObject(value)) {
    return value;
  }
  const { [ROWS]: rows, [TIMES]: times, [TEXTS]: texts, [AT]: at } = value;
  if (typeof rows === 'number') {
    return unfoldedTable(value, rows);
  }
  if (typeof times === 'number') {
    return Array.from({ length: times }, () => unfolded(value[ALL]));
  }
  if (Array.isArray(texts) && Array.isArray(at)) {
    return at.map((index: number) => texts[index] as string | null);
  }
  return mapped(value, unescaped, unfolded);
}

function foldedList(items: readonly unknown[]): unknown {
  const [first] = items;
  if (items.length > 1 && isObject(first)) {
    return foldedTable(items, Object.keys(first)) ?? items.map(folded);
  }
  if (items.length < SHORTEST) {
    return items.map(folded);
  }
  return isOneForAll(items) ? { [TIMES]: items.length, [ALL]: folded(first) } : foldedTexts(items);
}

/** Null when not all of them have exactly these members, in this order. */
function foldedTable(items: readonly unknown[], names: readonly string[]): Json | null {
  if (!items.every(item => isObject(item) && hasMembers(item, names))) {
    return null;
  }
  const columns = names.map(name => [escaped(name), foldedColumn((items as Json[]).map(row => row[name]))]);
  return { [ROWS]: items.length, ...(Object.fromEntries(columns) as Json) };
}

function hasMembers(item: Json, names: readonly string[]): boolean {
  const own = Object.keys(item);
  return (
    own.length === names.length && names.every((name, at) => own[at] === name && item[name] !== undefined)
  );
}

/** What is no list, nor an object that tells of one, is the same in all rows. */
function foldedColumn(cells: readonly unknown[]): unknown {
  const [first] = cells;
  if (isOneForAll(cells)) {
    return typeof first === 'object' && first !== null
      ? { [TIMES]: cells.length, [ALL]: folded(first) }
      : first;
  }
  return foldedList(cells);
}

function unfoldedTable(table: Json, rows: number): Json[] {
  const columns = Object.entries(table)
    .filter(([name]) => name !== ROWS)
    .map(([name, column]) => [unescaped(name), unfolded(column)] as const);
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns.map(([name, column]) => [name, Array.isArray(column) ? (column[row] as unknown) : column]),
    ),
  );
}

function foldedTexts(items: readonly unknown[]): unknown {
  const places = new Map<unknown, number>();
  for (const item of items) {
    if (typeof item !== 'string' && item !== null) {
      return items.map(folded);
    }
    if (!places.has(item)) {
      places.set(item, places.size);
    }
  }
  return places.size * 2 > items.length
    ? items
    : { [TEXTS]: [...places.keys()], [AT]: items.map(item => places.get(item)) };
}

function isOneForAll(items: readonly unknown[]): boolean {
  const [first] = items;
  if (typeof first !== 'object' || first === null) {
    return items.every(item => item === first);
  }
  const text = JSON.stringify(first);
  return items.every(item => typeof item === 'object' && JSON.stringify(item) === text);
}

function mapped(object: Json, nameOf: (name: string) => string, valueOf: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [nameOf(name), valueOf(value)]));
}

function escaped(name: string): string {
  return name.startsWith(MARK) ? MARK + name : name;
}

function unescaped(name: string): string {
  return name.startsWith(MARK) ? name.slice(MARK.length) : name;
}
