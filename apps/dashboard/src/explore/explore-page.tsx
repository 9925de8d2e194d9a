import { type ReactElement, useMemo, useState } from 'react';
import { useSearchParams } from 'wouter';
import type { Summary } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { useProjects } from '../form/project-field.js';
import { day, time } from '../format.js';
import { Chart } from '../shell/chart.js';
import { usePageTitle } from '../shell/page-title.js';
import { ExploreForm } from './explore-form.js';
import { GroupTable, nameOf } from './group-table.js';
import { addressOf, type Question, questionIn } from './question.js';
import { groupOf, rowsOf, startsOf, valuesOf } from './series.js';

/** So many lines can be told apart. */
const MOST_LINES = 7;

/** Any measure of the calls, by what they are told apart by. The address has the question, so that it can be sent to somebody. */
export function ExplorePage(): ReactElement {
  usePageTitle('Explore');
  const [query, setQuery] = useSearchParams();
  const question = useMemo(() => questionIn(query), [query]);
  return (
    <>
      <h1>Explore</h1>
      <ExploreForm key={`form?${query}`} question={question} onAsk={setQuery} />
      <Answer key={`answer?${query}`} question={question} />
    </>
  );
}

function Answer({ question }: { readonly question: Question }): ReactElement {
  const [now] = useState(() => Date.now());
  const address = addressOf(question, question.interval, now);
  const totals = useAnswer<Summary>(addressOf(question, 'total', now));
  const series = useAnswer<Summary>(address);
  const rows = totals.answer && rowsOf(question, totals.answer, Number(question.top));
  return (
    <>
      <p role="alert" className="failure">
        {totals.failure ?? series.failure}
      </p>
      {rows && series.answer && rows.length > 0 && (
        <Lines question={question} rows={rows.slice(0, MOST_LINES)} series={series.answer} />
      )}
      <section className="card" aria-label="Answer" aria-busy={rows === null && totals.failure === null}>
        <div className="title">
          <output className="hint">{rows && `${rows.length} ${rows.length === 1 ? 'row' : 'rows'}`}</output>
          <a href={`${address}&format=csv`} download>
            Download as CSV
          </a>
        </div>
        {rows && totals.answer && <GroupTable question={question} rows={rows} time={totals.answer} />}
      </section>
    </>
  );
}

interface LinesProps {
  readonly question: Question;
  readonly rows: Summary['data'];
  readonly series: Summary;
}

function Lines({ question, rows, series }: LinesProps): ReactElement {
  const projects = useProjects();
  const { measure, interval } = question;
  const starts = useMemo(() => startsOf(series, interval), [series, interval]);
  const moments = useMemo(() => starts.map(start => Date.parse(start) / 1000), [starts]);
  const lines = rows.map((row, at) => ({
    name: nameOf(question, row, projects),
    colour: `line-${at + 1}`,
    values: valuesOf(question, series, groupOf(question, row), starts),
  }));
  return (
    <Chart
      key={lines.map(({ name }) => name).join('\n')}
      title={measure.name}
      moments={moments}
      lines={lines}
      format={measure.onAxis}
      moment={interval === 'hour' && starts.length <= 24 ? time : day}
    />
  );
}
