import { type ReactElement, useState } from 'react';
import { Field, type Option } from '../form/field.js';
import { FilterForm } from '../form/filter-form.js';
import { ProjectField } from '../form/project-field.js';
import { MEASURES } from './measures.js';
import { INTERVALS, type Question } from './question.js';

const FIELDS = ['measure', 'by', 'and', 'last', 'from', 'to', 'interval', 'projectId', 'top'] as const;
const NOTHING = 'nothing';
const GROUPS: readonly Option[] = [
  [NOTHING, '–'],
  ['project', 'project'],
  ['key', 'key'],
  ['endpoint', 'endpoint'],
  ['provider', 'vendor'],
  ['model', 'model'],
  ['endUser', 'end user'],
  ['tag', 'tag'],
];
const TIMES: readonly Option[] = [
  ['1', 'last 24 hours'],
  ['7', 'last 7 days'],
  ['30', 'last 30 days'],
  ['90', 'last 90 days'],
  ['', 'between two days'],
];
const TOPS: readonly Option[] = ['5', '10', '25', '100'].map(top => [top, top]);
const BUCKETS: readonly Option[] = INTERVALS.map(interval => [interval, interval]);
const MEASURED: readonly Option[] = MEASURES.map(({ id, name }) => [id, name]);

interface ExploreFormProps {
  readonly question: Question;
  /** @param query for the address */
  readonly onAsk: (query: [string, string][]) => void;
}

export function ExploreForm({ question, onAsk }: ExploreFormProps): ReactElement {
  const { measure, by, interval, from, to, projectId, top } = question;
  const [last, setLast] = useState(question.last);
  return (
    <FilterForm label="Question" action="Show" fields={FIELDS} onAsk={onAsk}>
      <Field name="measure" label="Measure" value={measure.id} options={MEASURED} />
      <Field name="by" label="By" value={by[0] ?? NOTHING} options={GROUPS} />
      <Field name="and" label="And by" value={by[1] ?? NOTHING} options={GROUPS} />
      <ProjectField value={projectId} />
      <Field name="last" label="Time" value={last} options={TIMES} onChoose={setLast} />
      {last === '' && (
        <>
          <Field name="from" label="From (UTC)" type="date" value={from} isRequired />
          <Field name="to" label="Before (UTC)" type="date" value={to} isRequired />
        </>
      )}
      <Field name="interval" label="Added up by" value={interval} options={BUCKETS} />
      <Field name="top" label="Largest groups" value={top} options={TOPS} />
    </FilterForm>
  );
}
