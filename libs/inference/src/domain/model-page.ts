import { InvalidRequestError } from '@app/shared';
import type { OfferedModel } from './offered-model.entity.js';

export type Query = Readonly<Record<string, unknown>>;

const MOST = 1000;

/** A size of pages, from 1 to 1000. @throws InvalidRequestError (400) */
export function pageSize(query: Query, name: string, byDefault: number): number {
  const given = query[name];
  if (given === undefined) {
    return byDefault;
  }
  const size = Number(given);
  if (!Number.isInteger(size) || size < 1) {
    throw new InvalidRequestError(`'${name}' must be a whole number from 1 to ${MOST}.`, name);
  }
  return Math.min(size, MOST);
}

/** Where in the list the model stands that a page begins behind, or ends before. @throws InvalidRequestError (400) */
export function positionOf(id: unknown, name: string, models: readonly OfferedModel[]): number {
  const at = models.findIndex(model => model.id === id);
  if (at < 0) {
    throw new InvalidRequestError(
      `'${name}' names no model of this list. Ask for the first page again.`,
      name,
    );
  }
  return at;
}
