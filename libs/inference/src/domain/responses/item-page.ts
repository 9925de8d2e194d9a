import { InvalidRequestError } from '@app/shared';
import type { Item } from './earlier-items.js';

export interface ItemQuery {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** Id of the item that the page stands behind. */
  readonly after?: string | undefined;
}

const DEFAULT_LIMIT = 20;
const MOST = 100;

/** @throws InvalidRequestError (400) naming the parameter */
export function readItemQuery(query: Readonly<Record<string, unknown>>): ItemQuery {
  const { limit = String(DEFAULT_LIMIT), order = 'desc', after } = query;
  const count = Number(limit);
  if (typeof limit !== 'string' || !Number.isInteger(count) || count < 1 || count > MOST) {
    throw new InvalidRequestError(`'limit' must be a whole number between 1 and ${MOST}.`, 'limit');
  }
  if (order !== 'asc' && order !== 'desc') {
    throw new InvalidRequestError("'order' must be asc or desc.", 'order');
  }
  if (after !== undefined && (typeof after !== 'string' || after === '')) {
    throw new InvalidRequestError("'after' must be the id of an item.", 'after');
  }
  return { limit: count, order, after };
}

/** A list as OpenAI gives it. @param found one item more than the page has, where there are more */
export function itemList(found: readonly Item[], limit: number): object {
  const data = found.slice(0, limit);
  return {
    object: 'list',
    data,
    first_id: data[0]?.['id'] ?? null,
    last_id: data.at(-1)?.['id'] ?? null,
    has_more: found.length > limit,
  };
}
