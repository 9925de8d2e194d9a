import { setImmediate as nextTurn } from 'node:timers/promises';

/** One page of a list, in a stable order. */
export interface Page<Entry> {
  readonly data: Entry[];
  /** Pass it as `after` to get the next page; null on the last one. */
  readonly next: string | null;
}

/**
 * A whole list, page by page: each is read when the one before was taken. There is one at least, if an empty one.
 *
 * @param size of a page; a shorter one is the last
 * @param list the page behind an entry; null: the first one
 */
export async function* eachPage<Entry>(
  size: number,
  list: (after: Entry | null) => Promise<Entry[]>,
): AsyncGenerator<Entry[]> {
  let last: Entry | null = null;
  do {
    const page: Entry[] = await list(last);
    yield page;
    await nextTurn(); // the embedded store answers synchronously
    last = page.length < size ? null : (page.at(-1) ?? null);
  } while (last !== null);
}

/** From one entry more than the page holds, which tells whether there is a next page. */
export function pageOf<Entry extends { readonly id: string }>(entries: Entry[], limit: number): Page<Entry> {
  const data = entries.slice(0, limit);
  return { data, next: entries.length > limit ? (data.at(-1)?.id ?? null) : null };
}
