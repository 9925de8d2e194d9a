type Wire = Readonly<Record<string, unknown>>;

/** A text, and what stands in its place. */
export interface Change {
  readonly from: string;
  readonly to: string;
}

const TEXTS: ReadonlySet<unknown> = new Set(['input_text', 'output_text', 'text']);
const RESULTS: ReadonlySet<unknown> = new Set(['function_call_output', 'custom_tool_call_output']);

/**
 * The body that a request of Responses is written back from, with the same changes as its turns.
 *
 * @param changes of all that users said and tools returned, in order
 * @returns null when the body holds other texts than the turns
 */
export function changedBody(body: Wire, changes: readonly Change[]): Wire | null {
  let at = 0;
  let isInStep = true;
  const change = (text: unknown): unknown => {
    const next = changes[at++];
    isInStep &&= next?.from === text;
    return next?.to;
  };
  const { input } = body;
  const changed = Array.isArray(input)
    ? mapKept<unknown>(input, item => changedItem(item, change))
    : change(input);
  return isInStep && at === changes.length ? { ...body, input: changed } : null;
}

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

function changedItem(item: unknown, change: (text: unknown) => unknown): unknown {
  const wire = item as Wire;
  const type = typeOf(wire);
  const isQuestion = type === 'message' && wire['role'] === 'user';
  const field = RESULTS.has(type) ? 'output' : isQuestion ? 'content' : null;
  const said = field && wire[field];
  if (!field || said === undefined || said === null) {
    return item;
  }
  const changed = Array.isArray(said)
    ? mapKept<unknown>(said, part => changedPart(part, change))
    : change(said);
  return changed === said ? item : { ...wire, [field]: changed };
}

function changedPart(part: unknown, change: (text: unknown) => unknown): unknown {
  const wire = part as Wire;
  if (!TEXTS.has(wire['type'])) {
    return part;
  }
  const text = change(wire['text']);
  return text === wire['text'] ? part : { ...wire, text };
}
