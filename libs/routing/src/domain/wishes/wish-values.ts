import { InvalidRequestError, isObject } from '@app/shared';

/** @param where the member or header, for errors @throws InvalidRequestError (400) */
export function readTexts(value: unknown, where: string, most: number): readonly string[] {
  const texts: unknown[] =
    value === undefined || value === null ? [] : Array.isArray(value) ? value : [Number.NaN];
  if (texts.length > most || !texts.every(text => typeof text === 'string' && text !== '')) {
    const empty = texts.indexOf('') + 1;
    const what = empty > 0 && texts.length <= most ? `, and its entry ${empty} is empty: leave it out` : '';
    throw new InvalidRequestError(`'${where}' must be a list of at most ${most} names${what}.`, where);
  }
  return texts as string[];
}

/** What a header has between its commas; undefined when there is none. */
export function listed(header: string | undefined): readonly string[] | undefined {
  return header?.split(',').map(entry => entry.trim());
}

/** @throws InvalidRequestError (400) */
export function readNumber(
  text: string | undefined,
  where: string,
  [least, most]: readonly [number, number],
): number | null {
  if (text === undefined) {
    return null;
  }
  const number = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= least && number <= most)) {
    throw new InvalidRequestError(`'${where}' must be a whole number from ${least} to ${most}.`, where);
  }
  return number;
}

/** @throws InvalidRequestError (400) */
export function readObject(json: string, where: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    value = null;
  }
  if (!isObject(value)) {
    throw new InvalidRequestError(`'${where}' must be a JSON object.`, where);
  }
  return value;
}
