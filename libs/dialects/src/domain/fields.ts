import { InvalidRequestError } from '@app/shared';
import { isAbsent, isObject, isRawNumber, type Wire } from './wire.js';

/** 400 that names the field and says what to send. */
export function invalid(path: string, what: string): InvalidRequestError {
  return new InvalidRequestError(`'${path}' is not valid. Send ${what}.`, path);
}

/** The body of a request for a text. @throws InvalidRequestError (400) */
export function requestBody(body: unknown): Wire {
  if (!isObject(body)) {
    throw new InvalidRequestError('The body must be a JSON object.', null, 'invalid_json');
  }
  return body;
}

/** The model as the caller spells it. @throws InvalidRequestError (400) */
export function requestedModel({ model }: Wire, example = 'openai/gpt-5'): string {
  if (typeof model !== 'string' || model === '') {
    throw new InvalidRequestError(`Send 'model', a text such as '${example}'.`, 'model', 'missing_model');
  }
  return model;
}

/** @throws InvalidRequestError (400) when there is no conversation in the body */
export function requestedMessages({ messages }: Wire): readonly unknown[] {
  if (!Array.isArray(messages) || messages.length === 0) {
    throw new InvalidRequestError("Send 'messages', a list of at least one message.", 'messages');
  }
  return messages;
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

/** @param most none is lower than 0 or higher than this */
export function optionalNumberUpTo(most: number, wire: Wire, key: string, path: string): number | undefined {
  const value = optionalNumber(wire, key, path);
  if (value !== undefined && !(value >= 0 && value <= most)) {
    throw invalid(at(path, key), `a number from 0 to ${most}`);
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
