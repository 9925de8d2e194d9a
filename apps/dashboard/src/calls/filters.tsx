import type { ReactElement } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { OUTCOMES } from '../api/types.js';
import { Field, type Option } from '../form/field.js';
import { FilterForm } from '../form/filter-form.js';
import { ProjectField } from '../form/project-field.js';

const FIELDS = ['projectId', 'provider', 'model', 'endUser', 'tag', 'outcome', 'from', 'to'] as const;
const OUTCOME_OPTIONS: readonly Option[] = [
  ['', 'all'],
  ...OUTCOMES.map(outcome => [outcome, outcome] as const),
];

/** What to look for: an id opens its call, all else goes into the address. */
export function Filters(): ReactElement {
  const [query, setQuery] = useSearchParams();
  const [, go] = useLocation();
  const was = (field: (typeof FIELDS)[number]): string => query.get(field) ?? '';
  const ask = (filled: [name: string, value: string][]): void => {
    const [, id] = filled.find(([name]) => name === 'id') ?? [];
    if (id === undefined) {
      setQuery(filled);
    } else {
      go(`/calls/${encodeURIComponent(id)}`);
    }
  };
  return (
    <FilterForm fields={['id', ...FIELDS]} onAsk={ask}>
      <Field type="search" name="id" label="Id" placeholder="x-request-id, or the vendor’s" />
      <ProjectField value={was('projectId')} />
      <Field type="search" name="provider" label="Vendor" value={was('provider')} placeholder="openai" />
      <Field type="search" name="model" label="Model" value={was('model')} placeholder="gpt-5-mini" />
      <Field type="search" name="endUser" label="End user" value={was('endUser')} placeholder="user-4711" />
      <Field type="search" name="tag" label="Tag" value={was('tag')} placeholder="team:search" />
      <Field name="outcome" label="Outcome" value={was('outcome')} options={OUTCOME_OPTIONS} />
      <Field name="from" label="From (UTC)" type="date" value={was('from')} />
      <Field name="to" label="Before (UTC)" type="date" value={was('to')} />
    </FilterForm>
  );
}
