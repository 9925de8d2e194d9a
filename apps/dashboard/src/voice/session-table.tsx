import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { UsageView } from '../api/types.js';
import { modelOf, OutcomeMark } from '../calls/call-table.js';
import { brief, duration, moment, UNKNOWN, usd } from '../format.js';
import { type Column, Table } from '../shell/table.js';

/** Status of a session itself; what was said in it has others. */
const SWITCHING = 101;
const COLUMNS: readonly Column[] = [
  { name: 'Received' },
  { name: 'What' },
  { name: 'Model' },
  { name: 'Outcome' },
  { name: 'First sound', isNumber: true },
  { name: 'Barge-in', isNumber: true },
  { name: 'Relay, mean / p99', isNumber: true },
  { name: 'Cost', isNumber: true },
  { name: 'Length', isNumber: true },
];

/** Sessions, and the calls within them. */
export function SessionTable({ calls }: { readonly calls: readonly UsageView[] }): ReactElement {
  if (calls.length === 0) {
    return <p className="empty">There is no such session.</p>;
  }
  return (
    <Table label="Sessions on record" columns={COLUMNS}>
      {calls.map(call => (
        <SessionRow key={call.id} call={call} />
      ))}
    </Table>
  );
}

function SessionRow({ call }: { readonly call: UsageView }): ReactElement {
  const { id, receivedAt, status, voice, costNanoUsd, latencyMs } = call;
  const relay = voice?.relay ?? null;
  return (
    <tr>
      <td>
        <Link href={`/calls/${id}`}>
          <time dateTime={receivedAt}>{moment(receivedAt)}</time>
        </Link>
      </td>
      <td>{status === SWITCHING ? 'session' : 'in a session'}</td>
      <td>{modelOf(call)}</td>
      <td>
        <OutcomeMark call={call} />
      </td>
      <td className="number">{duration(voice?.firstSoundMs ?? null)}</td>
      <td className="number">{duration(voice?.bargeInMs ?? null)}</td>
      <td className="number">
        {relay === null ? UNKNOWN : `${brief(relay.meanUs)} / ${brief(relay.p99Us)}`}
        {relay !== null && relay.pausedMs > 0 && (
          <span className="hint">, paused {duration(relay.pausedMs)}</span>
        )}
      </td>
      <td className="number">{usd(costNanoUsd)}</td>
      <td className="number">{duration(latencyMs)}</td>
    </tr>
  );
}
