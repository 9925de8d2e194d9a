import type { FormEvent, ReactElement } from 'react';
import { useLocation, useSearchParams } from 'wouter';
import { OUTCOMES, type Page } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';

interface Project {
  readonly id: string;
  readonly name: string;
}

const FIELDS = ['projectId', 'provider', 'model', 'outcome', 'from', 'to'] as const;

/** What to look for: an id opens its call, all else goes into the address. */
export function Filters(): ReactElement {
  const [query, setQuery] = useSearchParams();
  const [, go] = useLocation();
  const { answer: projects } = useAnswer<Page<Project>>('/admin/projects?limit=100');
  const was = (field: (typeof FIELDS)[number]): string => query.get(field) ?? '';
  const listed = withChosen(projects?.data ?? [], was('projectId'));
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const id = textOf(form, 'id');
    if (id !== '') {
      go(`/calls/${encodeURIComponent(id)}`);
      return;
    }
    setQuery(FIELDS.map(field => [field, textOf(form, field)]).filter(([, value]) => value !== ''));
  };
  return (
    <form className="card filters" onSubmit={submit} aria-label="Filters">
      <Field name="id" label="Id" placeholder="x-request-id, or the vendor’s" />
      <label>
        Project
        <select name="projectId" key={projects ? 'known' : 'asked'} defaultValue={was('projectId')}>
          <option value="">all</option>
          {listed.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <Field name="provider" label="Vendor" value={was('provider')} placeholder="openai" />
      <Field name="model" label="Model" value={was('model')} placeholder="gpt-5-mini" />
      <label>
        Outcome
        <select name="outcome" defaultValue={was('outcome')}>
          <option value="">all</option>
          {OUTCOMES.map(outcome => (
            <option key={outcome} value={outcome}>
              {outcome}
            </option>
          ))}
        </select>
      </label>
      <Field name="from" label="From (UTC)" type="date" value={was('from')} />
      <Field name="to" label="Before (UTC)" type="date" value={was('to')} />
      <button type="submit">Search</button>
    </form>
  );
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly type?: string;
  readonly value?: string;
  readonly placeholder?: string;
}

function Field({ name, label, type = 'search', value = '', placeholder }: FieldProps): ReactElement {
  return (
    <label>
      {label}
      <input name={name} type={type} defaultValue={value} placeholder={placeholder} />
    </label>
  );
}

/** Also the one that the address names, where it is none of the first hundred. */
function withChosen(projects: readonly Project[], id: string): readonly Project[] {
  return id === '' || projects.some(project => project.id === id)
    ? projects
    : [...projects, { id, name: id }];
}

function textOf(form: FormData, field: string): string {
  return String(form.get(field) ?? '').trim();
}
