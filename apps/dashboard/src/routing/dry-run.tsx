import type { ReactElement } from 'react';
import type { Explanation } from '../api/types.js';
import { duration, UNKNOWN, usd } from '../format.js';
import { type Column, Table } from '../shell/table.js';

const COLUMNS: readonly Column[] = [
  { name: 'Place' },
  { name: 'Target' },
  { name: 'Expected cost', isNumber: true },
  { name: 'First token', isNumber: true },
  { name: 'Why not' },
];

/** Where a call would go now, and why. */
export function DryRun({ explanation }: { readonly explanation: Explanation }): ReactElement {
  const { policy, rule, ranking, candidates, refusal } = explanation;
  return (
    <section aria-label="Dry run" aria-live="polite">
      <p className="hint">
        {policy ?? 'a plain model'}, {rule === null ? 'no rule' : `rule ${rule + 1}`}, ranked by {ranking}
      </p>
      <p className="failure">{refusal && `${refusal.status}: ${refusal.message}`}</p>
      <Table label="Candidates" columns={COLUMNS}>
        {candidates.map(({ target, place, costNanoUsd, ttftMs, excluded, down }) => (
          <tr key={target}>
            <td>{place === null ? UNKNOWN : place + 1}</td>
            <td>{target}</td>
            <td className="number">{usd(costNanoUsd)}</td>
            <td className="number">{duration(ttftMs)}</td>
            <td>{excluded ?? down ?? ''}</td>
          </tr>
        ))}
      </Table>
    </section>
  );
}
