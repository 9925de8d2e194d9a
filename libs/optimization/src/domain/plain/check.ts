import { isObject } from '@app/shared';

/** Whether a value off the wire is of one shape, and holds nothing besides. */
export type Check = (value: unknown) => boolean;

export const text: Check = value => typeof value === 'string';
export const someText: Check = value => typeof value === 'string' && value !== '';
/** None that a double holds only nearly. */
export const number: Check = Number.isFinite;
export const flag: Check = value => typeof value === 'boolean';
/** What is carried as it is, whatever it holds. */
export const anyObject: Check = isObject;

export function oneOf(...words: readonly string[]): Check {
  return value => words.includes(value as string);
}

export function listOf(item: Check): Check {
  return value => Array.isArray(value) && value.every(item);
}

export function either(...checks: readonly Check[]): Check {
  return value => checks.some(check => check(value));
}

/** Members that may be there, and those that must. Null is absent. */
export function object(optional: Readonly<Record<string, Check>>, required: typeof optional = {}): Check {
  const members = new Map(Object.entries({ ...optional, ...required }));
  const needed = Object.keys(required);
  return value =>
    isObject(value) &&
    needed.every(name => Object.hasOwn(value, name) && value[name] !== null) &&
    Object.keys(value).every(name => {
      const check = members.get(name);
      return check !== undefined && (value[name] === null || check(value[name]));
    });
}
