import type { ReactElement } from 'react';
import { useSearchParams } from 'wouter';
import type { AuditEntry } from '../api/types.js';
import { Field } from '../form/field.js';
import { FilterForm } from '../form/filter-form.js';
import { moment } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { Pages } from '../shell/pages.js';
import { type Column, Table } from '../shell/table.js';

const PAGE_SIZE = 50;
const FIELDS = ['text', 'project', 'targetType', 'actor', 'action', 'target', 'from', 'to'] as const;
const COLUMNS: readonly Column[] = [
  { name: 'When' },
  { name: 'Who' },
  { name: 'What' },
  { name: 'Of' },
  { name: 'Change' },
];

/** Who changed what. The address has the filters. */
export function AuditPage(): ReactElement {
  usePageTitle('Audit trail');
  const [query, setQuery] = useSearchParams();
  return (
    <>
      <h1>Audit trail</h1>
      <Filters key={`form?${query}`} query={query} onAsk={setQuery} />
      <div className="card">
        <p>
          <a href={`/admin/audit/export?${exportOf(query)}`} download>
            Download as CSV
          </a>
        </p>
        <Pages<AuditEntry>
          key={`pages?${query}`}
          label="Entries"
          path="/admin/audit"
          query={query.toString()}
          size={PAGE_SIZE}
        >
          {entries => <EntryTable entries={entries} />}
        </Pages>
      </div>
    </>
  );
}

interface FiltersProps {
  readonly query: URLSearchParams;
  readonly onAsk: (filled: [string, string][]) => void;
}

function Filters({ query, onAsk }: FiltersProps): ReactElement {
  return (
    <FilterForm fields={FIELDS} onAsk={onAsk}>
      <Field type="search" name="text" label="In action, id or name" value={query.get('text')} />
      <Field type="search" name="project" label="Project’s id" value={query.get('project')} />
      <Field
        type="search"
        name="targetType"
        label="Kind of what was changed"
        value={query.get('targetType')}
        placeholder="api-key"
      />
      <Field
        type="search"
        name="actor"
        label="User’s id"
        value={query.get('actor')}
        placeholder="configured"
      />
      <Field
        type="search"
        name="action"
        label="Action"
        value={query.get('action')}
        placeholder="project.update"
      />
      <Field type="search" name="target" label="Id of what was changed" value={query.get('target')} />
      <Field type="date" name="from" label="From (UTC)" value={query.get('from')} />
      <Field type="date" name="to" label="Before (UTC)" value={query.get('to')} />
    </FilterForm>
  );
}

function exportOf(query: URLSearchParams): URLSearchParams {
  return new URLSearchParams([...query, ['format', 'csv']]);
}

function EntryTable({ entries }: { readonly entries: readonly AuditEntry[] }): ReactElement {
  if (entries.length === 0) {
    return <p className="empty">There is no such entry.</p>;
  }
  return (
    <Table label="Changes" columns={COLUMNS}>
      {entries.map(entry => (
        <tr key={entry.id}>
          <td>
            <time dateTime={entry.at}>{moment(entry.at)}</time>
          </td>
          <td>
            {entry.actorName} <span className="hint">{entry.address}</span>
          </td>
          <td>
            {entry.action}
            {entry.outcome === 'unknown' && ' (not known whether it was made)'}
          </td>
          <td>
            <code>{entry.targetId}</code>
          </td>
          <td>
            <Difference before={entry.before} after={entry.after} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Difference({ before, after }: Pick<AuditEntry, 'before' | 'after'>): ReactElement {
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
  return (
    <details>
      <summary>{fields.length === 1 ? fields[0] : `${fields.length} fields`}</summary>
      <ul>
        {fields.map(field => (
          <li key={field}>
            {field}: <code>{textOf(before, field)}</code> → <code>{textOf(after, field)}</code>
          </li>
        ))}
      </ul>
    </details>
  );
}

function textOf(state: AuditEntry['before'], field: string): string {
  return state && field in state ? JSON.stringify(state[field]) : '–';
}
