import { type ReactElement, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Page, UsageView } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { moment } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { CallTable } from './call-table.js';
import { Filters } from './filters.js';

const PAGE_SIZE = '50';

/** All calls on record, by what they were. The address has the filters, so that it can be sent to somebody. */
export function CallsPage(): ReactElement {
  usePageTitle('Calls');
  const [query] = useSearchParams();
  return (
    <>
      <h1>Calls</h1>
      <Filters key={`filters?${query}`} />
      <Pages key={`pages?${query}`} query={query.toString()} />
    </>
  );
}

/** One page after another; the cursor of each is the `next` of the one before. */
function Pages({ query }: { readonly query: string }): ReactElement {
  const [cursors, setCursors] = useState<readonly string[]>([]);
  const search = new URLSearchParams(query);
  search.set('limit', PAGE_SIZE);
  const after = cursors.at(-1);
  if (after !== undefined) {
    search.set('after', after);
  }
  const { answer, failure } = useAnswer<Page<UsageView>>(`/admin/usage?${search}`);
  const next = answer?.next ?? null;
  return (
    <section className="card" aria-label="Calls" aria-busy={answer === null && failure === null}>
      <p role="alert" className="failure">
        {failure}
      </p>
      {answer && (
        <CallTable
          calls={answer.data}
          label="Calls on record"
          empty="There is no such call."
          moment={moment}
        />
      )}
      <div className="pager">
        <button
          type="button"
          className="quiet"
          disabled={cursors.length === 0}
          onClick={() => setCursors(cursors.slice(0, -1))}
        >
          Newer
        </button>
        <output>Page {cursors.length + 1}</output>
        <button
          type="button"
          className="quiet"
          disabled={next === null}
          onClick={() => next !== null && setCursors([...cursors, next])}
        >
          Older
        </button>
      </div>
    </section>
  );
}
