const LONG_NUMBER = /\d{16}/;

/**
 * `JSON.parse` that keeps numbers which a double cannot hold (ids beyond 2⁵³, long decimals): they become raw JSON
 * numbers and `JSON.stringify` writes them back digit for digit. Text without 16 digits in a row costs one scan more.
 *
 * @throws SyntaxError
 */
export function parseExact(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, keepExact) : JSON.parse(text);
}

function keepExact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined || String(value) === source) {
    return value;
  }
  return LONG_NUMBER.test(source) ? rawJSON(source) : value;
}

/** Part of ES2025's neighbourhood and of Node 22+, but not yet of TypeScript's library. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };
