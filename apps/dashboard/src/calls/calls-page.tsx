import type { ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import type { UsageView } from '../api/types.js';
import { moment } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { CallTable } from './call-table.js';
import { Filters } from './filters.js';

const PAGE_SIZE = 50;

/** All calls on record, by what they were. The address has the filters, so that it can be sent to somebody. */
export function CallsPage(): ReactElement {
  usePageTitle('Calls');
  const [query] = useSearchParams();
  return (
    <>
      <h1>Calls</h1>
      <Filters key={`filters?${query}`} />
      <div className="card">
        <Pages<UsageView>
          key={`pages?${query}`}
          label="Calls"
          path="/admin/usage"
          query={query.toString()}
          size={PAGE_SIZE}
        >
          {calls => (
            <CallTable calls={calls} label="Calls on record" empty="There is no such call." moment={moment} />
          )}
        </Pages>
      </div>
    </>
  );
}
