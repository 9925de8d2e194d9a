import type { ReactElement } from 'react';
import { Facts } from '../calls/facts.js';
import type { SavingsBucket, SemanticReport } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { useChosenProject } from '../form/chosen-project.js';
import { count, moment, share, usd } from '../format.js';
import { useMayChange } from '../session/session.js';
import { usePageTitle } from '../shell/page-title.js';
import { type Column, Table } from '../shell/table.js';
import { PurgeCard } from './purge-card.js';

const AGAIN_MS = 10_000;
const COLUMNS: readonly Column[] = [{ name: 'As near as' }, { name: 'Questions', isNumber: true }];

/** What cache and prompt passes save a project, and how its kept answers are forgotten. */
export function CachePage(): ReactElement {
  usePageTitle('Cache');
  const { id, chooser } = useChosenProject();
  return (
    <>
      <h1>Cache</h1>
      {chooser}
      {id !== '' && <OfProject key={id} id={id} />}
    </>
  );
}

function OfProject({ id }: { readonly id: string }): ReactElement {
  const mayChange = useMayChange();
  const path = `/admin/projects/${encodeURIComponent(id)}/cache`;
  const savings = useAnswer<{ readonly data: readonly SavingsBucket[] }>(
    `/admin/analytics/savings?interval=total&projectId=${encodeURIComponent(id)}`,
    AGAIN_MS,
  );
  const semantic = useAnswer<SemanticReport>(`${path}/semantic`, AGAIN_MS);
  return (
    <>
      <p role="alert" className="failure">
        {savings.failure ?? semantic.failure}
      </p>
      <div className="cards">
        {savings.answer && <SavingsFacts of={savings.answer.data[0]} />}
        {semantic.answer && <SemanticFacts report={semantic.answer} />}
      </div>
      {mayChange && <PurgeCard path={path} />}
    </>
  );
}

/** @param of absent: there were no calls */
function SavingsFacts({ of }: { readonly of: SavingsBucket | undefined }): ReactElement {
  return (
    <Facts
      title="Last 30 days"
      facts={[
        ['Requests', count(of?.calls ?? 0)],
        ['Spent', usd(of?.costNanoUsd ?? '0')],
        ['Saved', usd(of?.savedNanoUsd ?? '0')],
        ['Saved of all', share(of?.savedShare ?? null)],
        ['Read from vendors’ caches', share(of?.cacheReadShare ?? null)],
      ]}
    />
  );
}

function SemanticFacts({ report }: { readonly report: SemanticReport }): ReactElement {
  return (
    <Facts
      title="Questions in other words"
      facts={[
        ['Since', report.since === null ? 'none was asked' : moment(report.since)],
        ['Asked', count(report.asked)],
        ['Found', count(report.found)],
        ['Answered by it', count(report.answered)],
        ['Saved', usd(report.savedNanoUsd)],
        ['Paid for vectors', usd(report.embeddingNanoUsd)],
      ]}
    >
      <Table label="Nearness" columns={COLUMNS}>
        {report.similarities.map(({ from, questions }) => (
          <tr key={from}>
            <td>{from < 0 ? 'less' : from}</td>
            <td className="number">{count(questions)}</td>
          </tr>
        ))}
      </Table>
    </Facts>
  );
}
