import type { FormEvent, ReactElement } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { OUTCOMES } from '../api/types.js';
import { Field, type Option } from '../form/field.js';
import { ProjectField } from '../form/project-field.js';
import { filledIn, textOf } from '../form/text-of.js';

const FIELDS = ['projectId', 'provider', 'model', 'outcome', 'from', 'to'] as const;
const OUTCOME_OPTIONS: readonly Option[] = [
  ['', 'all'],
  ...OUTCOMES.map(outcome => [outcome, outcome] as const),
];

/** What to look for: an id opens its call, all else goes into the address. */
export function Filters(): ReactElement {
  const [query, setQuery] = useSearchParams();
  const [, go] = useLocation();
  const was = (field: (typeof FIELDS)[number]): string => query.get(field) ?? '';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const id = textOf(form, 'id');
    if (id !== '') {
      go(`/calls/${encodeURIComponent(id)}`);
      return;
    }
    setQuery(filledIn(form, FIELDS));
  };
  return (
    <form className="card filters" onSubmit={submit} aria-label="Filters">
      <Field type="search" name="id" label="Id" placeholder="x-request-id, or the vendor’s" />
      <ProjectField value={was('projectId')} />
      <Field type="search" name="provider" label="Vendor" value={was('provider')} placeholder="openai" />
      <Field type="search" name="model" label="Model" value={was('model')} placeholder="gpt-5-mini" />
      <Field name="outcome" label="Outcome" value={was('outcome')} options={OUTCOME_OPTIONS} />
      <Field name="from" label="From (UTC)" type="date" value={was('from')} />
      <Field name="to" label="Before (UTC)" type="date" value={was('to')} />
      <button type="submit">Search</button>
    </form>
  );
}
