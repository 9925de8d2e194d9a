import type { Json, JsonObject } from '../json.js';
import { isObject } from '../json.js';

/** Reads a field by its camelCase name, in either of the spellings that Google takes. */
export function field(object: unknown, name: string): Json | undefined {
  return isObject(object) ? (object[name] ?? object[snakeCase(name)]) : undefined;
}

/** The first field that is not among `known` (camelCase names). */
export function unknownField(object: JsonObject, known: ReadonlySet<string>): string | undefined {
  return Object.keys(object).find(name => !known.has(name) && !known.has(camelCase(name)));
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
