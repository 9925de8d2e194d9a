import type { ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import type { UsageView } from '../api/types.js';
import { Field } from '../form/field.js';
import { FilterForm } from '../form/filter-form.js';
import { ProjectField } from '../form/project-field.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { LiveVoice } from './live-voice.js';
import { SessionTable } from './session-table.js';

const ENDPOINT = '/v1/realtime';
const PAGE_SIZE = 50;
const AGAIN_MS = 5000;
const FIELDS = ['projectId', 'provider', 'model', 'from', 'to'] as const;

/** Realtime sessions and what was said in them: as they are now, and on record. The address has the filters. */
export function VoicePage(): ReactElement {
  usePageTitle('Voice');
  const [query, setQuery] = useSearchParams();
  const wanted = new URLSearchParams(query);
  wanted.set('endpoint', ENDPOINT);
  return (
    <>
      <LiveVoice />
      <FilterForm key={`form?${query}`} fields={FIELDS} onAsk={setQuery}>
        <ProjectField value={query.get('projectId') ?? ''} />
        <Field
          type="search"
          name="provider"
          label="Vendor"
          value={query.get('provider')}
          placeholder="openai"
        />
        <Field
          type="search"
          name="model"
          label="Model"
          value={query.get('model')}
          placeholder="gpt-realtime"
        />
        <Field type="date" name="from" label="From (UTC)" value={query.get('from')} />
        <Field type="date" name="to" label="Before (UTC)" value={query.get('to')} />
      </FilterForm>
      <div className="card">
        <Pages<UsageView>
          key={`pages?${query}`}
          label="Sessions"
          path="/admin/usage"
          query={wanted.toString()}
          size={PAGE_SIZE}
          againMs={AGAIN_MS}
        >
          {calls => <SessionTable calls={calls} />}
        </Pages>
      </div>
    </>
  );
}
