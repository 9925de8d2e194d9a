import { isObject } from '@app/shared';

const { isRawJSON } = JSON as unknown as { isRawJSON(value: unknown): boolean };

/** What callers wrote in their own words. Models write in the order of a schema, so that another order is another question. */
const VERBATIM: ReadonlySet<string> = new Set(['fields', 'native', 'parameters', 'schema', 'value']);

/**
 * JSON of which equal values have equal texts: members in one order, none that are undefined, numbers beyond a double
 * digit for digit. Values that are not equal have other texts.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(inOrder(value));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(inOrder);
  }
  if (!isObject(value) || isRawJSON(value)) {
    return value;
  }
  const ordered = Object.create(null) as Record<string, unknown>; // in others, `__proto__` is no member like others
  for (const name of Object.keys(value).toSorted()) {
    ordered[name] = VERBATIM.has(name) ? value[name] : inOrder(value[name]);
  }
  return ordered;
}
