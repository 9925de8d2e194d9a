type Wire = Readonly<Record<string, unknown>>;

/** Items that stay wherever they stand. */
const OF_ALL: ReadonlySet<unknown> = new Set(['system', 'developer']);
/** They bring tools, which are there from then on. */
const SEARCHES: ReadonlySet<unknown> = new Set(['tool_search_call', 'tool_search_output']);

/** The body without the items before its first question that is kept. @param questions messages of the user that are left out */
export function withoutItems(body: Wire, questions: number): Wire {
  const { input } = body;
  if (!Array.isArray(input)) {
    return body;
  }
  const items = input as readonly Wire[];
  let seen = 0;
  const start = items.findIndex(
    item => typeOf(item) === 'message' && item['role'] === 'user' && seen++ === questions,
  );
  return { ...body, input: items.flatMap((item, at) => (at >= start ? [item] : staying(item))) };
}

/** By its id the vendor would know a search again, and miss the reasoning that led to it. */
function staying(item: Wire): readonly Wire[] {
  const type = typeOf(item);
  if (SEARCHES.has(type)) {
    const { id: _, ...search } = item;
    return [search];
  }
  return OF_ALL.has(item['role']) || type === 'additional_tools' ? [item] : [];
}

function typeOf({ type }: Wire): unknown {
  return type ?? 'message';
}

/** The very list when each of its items is mapped to itself. */
export function mapKept<Item>(list: readonly Item[], map: (item: Item) => Item): readonly Item[] {
  let mapped: Item[] | null = null;
  list.forEach((item, at) => {
    const other = map(item);
    if (other !== item) {
      mapped ??= [...list];
      mapped[at] = other;
    }
  });
  return mapped ?? list;
}
