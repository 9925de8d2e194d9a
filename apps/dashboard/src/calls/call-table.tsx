import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { UsageView } from '../api/types.js';
import { count, duration, time, UNKNOWN, usd } from '../format.js';
import { type Column, Table } from '../shell/table.js';

const COLUMNS: readonly Column[] = [
  { name: 'Received' },
  { name: 'Model' },
  { name: 'Endpoint' },
  { name: 'Outcome' },
  { name: 'Tokens in / out', isNumber: true },
  { name: 'Cost', isNumber: true },
  { name: 'Latency', isNumber: true },
];

interface CallTableProps {
  readonly calls: readonly UsageView[];
  readonly label: string;
  /** Said when there are none. */
  readonly empty: string;
  /** Default: the time of the day alone. */
  readonly moment?: (iso: string) => string;
}

export function CallTable({ calls, label, empty, moment = time }: CallTableProps): ReactElement {
  if (calls.length === 0) {
    return <p className="empty">{empty}</p>;
  }
  return (
    <Table label={label} columns={COLUMNS}>
      {calls.map(call => (
        <CallRow key={call.id} call={call} moment={moment} />
      ))}
    </Table>
  );
}

function CallRow({
  call,
  moment,
}: {
  readonly call: UsageView;
  readonly moment: (iso: string) => string;
}): ReactElement {
  return (
    <tr>
      <td>
        <Link href={`/calls/${call.id}`}>
          <time dateTime={call.receivedAt}>{moment(call.receivedAt)}</time>
        </Link>
      </td>
      <td>{modelOf(call)}</td>
      <td>{call.endpoint}</td>
      <td>
        <OutcomeMark call={call} />
      </td>
      <td className="number">
        {count(call.inputTokens)} / {count(call.outputTokens)}
      </td>
      <td className="number">{usd(call.costNanoUsd)}</td>
      <td className="number">{duration(call.latencyMs)}</td>
    </tr>
  );
}

/** In words as well as in colour. */
export function OutcomeMark({ call }: { readonly call: UsageView }): ReactElement {
  const { outcome, status, errorCode, cached } = call;
  return (
    <span className="outcome" data-outcome={outcome}>
      {outcome === 'completed' ? (cached ? 'cached' : outcome) : `${outcome} ${errorCode ?? status}`}
    </span>
  );
}

/** Vendor and model that answered, or the name that was asked for. */
export function modelOf({ provider, modelUsed, modelAsked }: UsageView): string {
  return provider !== null && modelUsed !== null ? `${provider}/${modelUsed}` : (modelAsked ?? UNKNOWN);
}
