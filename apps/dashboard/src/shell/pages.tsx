import { type ReactElement, type ReactNode, useState } from 'react';
import type { Page } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';

interface PagesProps<Item> {
  readonly label: string;
  /** Where the gateway lists them. */
  readonly path: string;
  readonly query?: string;
  readonly size: number;
  readonly againMs?: number;
  /** @param again asks for the page once more */
  readonly children: (items: readonly Item[], again: () => void) => ReactNode;
}

/** A list, page by page; the cursor of each is the `next` of the one before. */
export function Pages<Item>({ label, path, query, size, againMs, children }: PagesProps<Item>): ReactElement {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const search = new URLSearchParams(query);
  search.set('limit', String(size));
  const after = cursors.at(-1);
  if (after !== undefined) {
    search.set('after', after);
  }
  const { answer, failure, again } = useAnswer<Page<Item>>(`${path}?${search}`, againMs);
  const next = answer?.next ?? null;
  return (
    <section aria-label={label} aria-busy={answer === null && failure === null}>
      <p role="alert" className="failure">
        {failure}
      </p>
      {answer && children(answer.data, again)}
      {(next !== null || cursors.length > 0) && (
        <div className="pager">
          <button
            type="button"
            className="quiet"
            disabled={cursors.length === 0}
            onClick={() => setCursors(cursors.slice(0, -1))}
          >
            Back
          </button>
          <output>Page {cursors.length + 1}</output>
          <button
            type="button"
            className="quiet"
            disabled={next === null}
            onClick={() => next !== null && setCursors([...cursors, next])}
          >
            Next
          </button>
        </div>
      )}
    </section>
  );
}
