import type { ReactElement } from 'react';
import type { Attempt, Candidate, Decision, UsageDetails } from '../api/types.js';
import { duration, UNKNOWN, usd } from '../format.js';
import { type Column, Table } from '../shell/table.js';
import { Facts } from './facts.js';

const CANDIDATE_COLUMNS: readonly Column[] = [
  { name: 'Place' },
  { name: 'Candidate' },
  { name: 'Expected cost', isNumber: true },
  { name: 'First token', isNumber: true },
  { name: 'Left out' },
];
const ATTEMPT_COLUMNS: readonly Column[] = [
  { name: 'Target' },
  { name: 'Begun after', isNumber: true },
  { name: 'Took', isNumber: true },
  { name: 'Status', isNumber: true },
  { name: 'What came of it' },
];

interface DecisionCardsProps {
  readonly decision: UsageDetails['decision'];
  /** Requests sent to vendors. */
  readonly attempts: number;
}

/** How the vendor was chosen, and what came of each attempt. */
export function DecisionCards({ decision, attempts }: DecisionCardsProps): ReactElement {
  if (decision === null || !('plan' in decision)) {
    const why = decision === null ? 'There was nothing to choose.' : 'It was too long to keep.';
    return (
      <Facts
        title="Decision"
        facts={[
          ['Why', why],
          ['Attempts', attempts],
        ]}
      />
    );
  }
  const { policy, rule, ranking, candidates } = decision.snapshot;
  return (
    <>
      <Facts
        title="Decision"
        facts={[
          ['Policy', policy ?? UNKNOWN],
          ['Rule', rule === null ? 'none' : rule + 1],
          ['Ranked by', ranking],
        ]}
      >
        <Candidates candidates={candidates} plan={decision.plan} />
      </Facts>
      <Attempts attempts={decision.attempts} />
    </>
  );
}

interface CandidatesProps {
  readonly candidates: readonly Candidate[];
  readonly plan: Decision['plan'];
}

/** In the order of the plan, and behind them those that were left out. */
function Candidates({ candidates, plan }: CandidatesProps): ReactElement {
  const left = candidates.map((_, index) => index).filter(index => !plan.order.includes(index));
  return (
    <Table label="Candidates" columns={CANDIDATE_COLUMNS}>
      {[...plan.order, ...left].map((index, place) => {
        const candidate = candidates[index];
        return (
          candidate && (
            <tr key={index}>
              <td>{place < plan.order.length ? place + 1 : UNKNOWN}</td>
              <td>
                {candidate.vendor}/{candidate.model}
              </td>
              <td className="number">{usd(candidate.cost)}</td>
              <td className="number">{duration(candidate.ttftMs)}</td>
              <td>{plan.excluded[index] ?? ''}</td>
            </tr>
          )
        );
      })}
    </Table>
  );
}

function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }): ReactElement {
  return (
    <section className="card wide" aria-labelledby="attempts">
      <h2 id="attempts">Attempts</h2>
      <Table label="Attempts" columns={ATTEMPT_COLUMNS}>
        {attempts.map(attempt => (
          <tr key={`${attempt.target} ${attempt.startedMs}`}>
            <td>{attempt.target}</td>
            <td className="number">{duration(attempt.startedMs)}</td>
            <td className="number">{duration(attempt.ms)}</td>
            <td className="number">{attempt.status ?? UNKNOWN}</td>
            <td>{fateOf(attempt)}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}

function fateOf({ error, hedge, resumed }: Attempt): string {
  const words = [error ?? 'answered', hedge && 'beside a slow one', resumed && 'went on for another'];
  return words.filter(Boolean).join(', ');
}
