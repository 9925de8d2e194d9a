import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { Bucket, Project, Summary } from '../api/types.js';
import { useProjects } from '../form/project-field.js';
import { type Column, Table } from '../shell/table.js';
import type { Measure } from './measures.js';
import { DIMENSIONS, type Question } from './question.js';
import { groupOf } from './series.js';

/** What calls can be looked for by. */
const OF_CALLS = ['projectId', 'keyId', 'provider', 'model', 'endUser', 'tag'] as const;
const DAY_MS = 86_400_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

interface GroupTableProps {
  readonly question: Question;
  readonly rows: readonly Bucket[];
  /** What it is of. */
  readonly time: Pick<Summary, 'from' | 'to'>;
}

/** What each group comes to in all of the time. */
export function GroupTable({ question, rows, time }: GroupTableProps): ReactElement {
  const projects = useProjects();
  const { measure, by } = question;
  if (rows.length === 0) {
    return <p className="empty">There were no such calls.</p>;
  }
  const columns: Column[] = [
    {
      name:
        by.length > 0 ? by.join(' · ').replace('provider', 'vendor').replace('endUser', 'end user') : 'group',
    },
    { name: measure.name, isNumber: true },
    { name: 'Look at' },
  ];
  return (
    <Table label="Groups" columns={columns}>
      {rows.map(row => (
        <tr key={groupOf(question, row)}>
          <td>{nameOf(question, row, projects)}</td>
          <td className="number" title={exactly(measure, row)}>
            {measure.format(measure.of(row))}
          </td>
          <td>{canBeFound(question, row) && <Link href={`/calls?${callsOf(row, time)}`}>its calls</Link>}</td>
        </tr>
      ))}
    </Table>
  );
}

function exactly(measure: Measure, row: Bucket): string | undefined {
  const value = measure.of(row);
  return value === null ? undefined : measure.exact?.(value);
}

/** In words. @param projects those whose names are known */
export function nameOf(
  { by }: Pick<Question, 'by'>,
  bucket: Bucket,
  projects: readonly Pick<Project, 'id' | 'name'>[],
): string {
  if (bucket.other) {
    return 'all others';
  }
  const names = by.map(dimension => {
    const value = bucket[DIMENSIONS[dimension]] ?? null;
    const project = dimension === 'project' ? projects.find(({ id }) => id === value) : undefined;
    return project?.name ?? value ?? 'none';
  });
  return names.length > 0 ? names.join(' · ') : 'all';
}

/** Calls are not listed by their endpoint, nor by what they do not have. */
function canBeFound({ by }: Question, bucket: Bucket): boolean {
  return (
    !bucket.other && by.every(name => name !== 'endpoint' && (bucket[DIMENSIONS[name]] ?? null) !== null)
  );
}

/** In whole days, as the calls are looked for. */
function callsOf(bucket: Bucket, { from, to }: GroupTableProps['time']): URLSearchParams {
  const of = OF_CALLS.map((name): [string, string] => [name, bucket[name] ?? '']);
  const end = new Date(Math.ceil(Date.parse(to) / DAY_MS) * DAY_MS).toISOString();
  return new URLSearchParams([
    ...of.filter(([, value]) => value !== ''),
    ['from', from.slice(0, DAY_LENGTH)],
    ['to', end.slice(0, DAY_LENGTH)],
  ]);
}
