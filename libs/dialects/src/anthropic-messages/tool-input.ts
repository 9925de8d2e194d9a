import { parseExact } from '../domain/exact-json.js';

/** Arguments as the object that this dialect takes; null when they are none. Nothing at all is an empty object. */
export function parseInput(text: string): object | null {
  if (text.trim() === '') {
    return {};
  }
  try {
    const value = parseExact(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) && !isRawNumber(value)
      ? value
      : null;
  } catch {
    return null;
  }
}

/** What a model wrote wrongly is wrapped, never thrown away. */
export function wrapInput(text: string): object {
  return { _raw: text };
}

/** `parseExact` gives an object for a number that no double holds. */
function isRawNumber(value: object): boolean {
  return Object.getPrototypeOf(value) === null;
}
