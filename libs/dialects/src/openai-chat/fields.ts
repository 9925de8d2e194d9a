import { InvalidRequestError } from '@app/shared';
import { isAbsent, isObject, isRawNumber, type Wire } from './wire.js';

/** 400 that names the field and says what to send. */
export function invalid(path: string, what: string): InvalidRequestError {
  return new InvalidRequestError(`'${path}' is not valid. Send ${what}.`, path);
}

export function at(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

export function optionalText(wire: Wire, key: string, path: string): string | undefined {
  const value = wire[key];
  if (isAbsent(value)) {
    return undefined;
  }
  if (typeof value !== 'string') {
    throw invalid(at(path, key), 'a string');
  }
  return value;
}

export function requiredText(wire: Wire, key: string, path: string, what = 'a string'): string {
  const value = wire[key];
  if (typeof value !== 'string') {
    throw invalid(at(path, key), what);
  }
  return value;
}

export function optionalNumber(wire: Wire, key: string, path: string): number | undefined {
  const value = wire[key];
  if (isAbsent(value)) {
    return undefined;
  }
  if (isRawNumber(value)) {
    return Number(value.rawJSON);
  }
  if (typeof value !== 'number') {
    throw invalid(at(path, key), 'a number');
  }
  return value;
}

export function optionalFlag(wire: Wire, key: string, path: string): boolean | undefined {
  const value = wire[key];
  if (isAbsent(value)) {
    return undefined;
  }
  if (typeof value !== 'boolean') {
    throw invalid(at(path, key), 'true or false');
  }
  return value;
}

export function optionalObject(wire: Wire, key: string, path: string): Wire | undefined {
  const value = wire[key];
  if (isAbsent(value)) {
    return undefined;
  }
  if (!isObject(value)) {
    throw invalid(at(path, key), 'an object');
  }
  return value;
}

export function requiredObject(wire: Wire, key: string, path: string, what = 'an object'): Wire {
  const value = wire[key];
  if (!isObject(value)) {
    throw invalid(at(path, key), what);
  }
  return value;
}

export function optionalList(wire: Wire, key: string, path: string): readonly unknown[] | undefined {
  const value = wire[key];
  if (isAbsent(value)) {
    return undefined;
  }
  if (!Array.isArray(value)) {
    throw invalid(at(path, key), 'a list');
  }
  return value;
}

export function optionalTexts(wire: Wire, key: string, path: string): readonly string[] | undefined {
  const list = optionalList(wire, key, path);
  list?.forEach((value, index) => {
    if (typeof value !== 'string') {
      throw invalid(`${at(path, key)}[${index}]`, 'a string');
    }
  });
  return list as readonly string[] | undefined;
}

/** The element, which must be an object. */
export function objectIn(value: unknown, path: string, what = 'an object'): Wire {
  if (!isObject(value)) {
    throw invalid(path, what);
  }
  return value;
}
