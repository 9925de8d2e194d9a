export const CSV_TYPE = 'text/csv; charset=utf-8';

/**
 * Where spreadsheets would take what follows for a formula, also in its wide form: at the beginning of a cell, and behind what parts cells
 * where a spreadsheet is set so.
 */
const FORMULA = /^(?=[\t\r\n])|(?<=^|[;\t\r\n])(?=[=+\-@＝＋－＠])/g;
/** Sums of money are whole numbers as text, also below zero. */
const NUMBER = /^-?\d+$/;
const NEEDS_QUOTES = /[",\r\n]/;

/** A line as of RFC 4180, its end included. Null and undefined are empty cells, objects JSON. */
export function csvLine(cells: readonly unknown[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`;
}

/** Heads and lines of entries, of which objects have columns of their own: `latencyMs.p50`. Nothing of none. */
export function* csvOf(entries: readonly object[]): Generator<string> {
  const rows = entries.map(entry => new Map(fieldsOf(entry)));
  const names = [...new Set(rows.flatMap(row => [...row.keys()]))];
  const columns = names.filter(name => !names.some(other => other.startsWith(`${name}.`))); // null where others have an object
  if (columns.length > 0) {
    yield csvLine(columns);
  }
  for (const row of rows) {
    yield csvLine(columns.map(column => row.get(column)));
  }
}

function fieldsOf(entry: object, path = ''): [string, unknown][] {
  return Object.entries(entry).flatMap(([name, value]: [string, unknown]) =>
    typeof value === 'object' && value !== null
      ? fieldsOf(value, `${path}${name}.`)
      : [[`${path}${name}`, value] as [string, unknown]],
  );
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }
  if (typeof value === 'number' || typeof value === 'boolean') {
    return String(value);
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const harmless = NUMBER.test(text) ? text : text.replaceAll(FORMULA, "'");
  return NEEDS_QUOTES.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
