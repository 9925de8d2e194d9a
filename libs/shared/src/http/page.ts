/** One page of a list, in a stable order. */
export interface Page<Entry> {
  readonly data: Entry[];
  /** Pass it as `after` to get the next page; null on the last one. */
  readonly next: string | null;
}

/** From one entry more than the page holds, which tells whether there is a next page. */
export function pageOf<Entry extends { readonly id: string }>(entries: Entry[], limit: number): Page<Entry> {
  const data = entries.slice(0, limit);
  return { data, next: entries.length > limit ? (data.at(-1)?.id ?? null) : null };
}
