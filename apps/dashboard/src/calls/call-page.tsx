import type { ReactElement } from 'react';
import { Link } from 'wouter';
import type { UsageDetails } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { duration, moment, UNKNOWN } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { modelOf, OutcomeMark } from './call-table.js';
import { CostCard } from './cost-card.js';
import { DecisionCards } from './decision-cards.js';
import { Facts } from './facts.js';

/** The feed tells of a call before it is on record; and its cost may be corrected. */
const AGAIN_MS = 2000;

/** One call: what it was, what it cost, and why it went where it went. */
export function CallPage({ id }: { readonly id: string }): ReactElement {
  usePageTitle('Call');
  const { answer: call, failure } = useAnswer<UsageDetails>(
    `/admin/usage/${encodeURIComponent(id)}`,
    AGAIN_MS,
  );
  return (
    <>
      <p>
        <Link href="/calls">← Calls</Link>
      </p>
      <div className="title">
        <h1>{call ? modelOf(call) : 'Call'}</h1>
        {call && <OutcomeMark call={call} />}
      </div>
      <p role="alert" className="failure">
        {failure}
      </p>
      {call && (
        <div className="cards">
          <CallFacts call={call} />
          <CostCard call={call} />
          <DecisionCards decision={call.decision} attempts={call.attempts} />
        </div>
      )}
    </>
  );
}

function CallFacts({ call }: { readonly call: UsageDetails }): ReactElement {
  return (
    <Facts
      title="Call"
      facts={[
        ['Id', <code key="id">{call.id}</code>],
        ['Vendor’s id', <code key="upstream">{call.upstreamId ?? UNKNOWN}</code>],
        ['Received', moment(call.receivedAt)],
        ['Endpoint', `${call.endpoint}${call.stream ? ', streamed' : ''}`],
        ['Model asked for', call.modelAsked ?? UNKNOWN],
        ['Status', `${call.status}${call.errorCode === null ? '' : ` ${call.errorCode}`}`],
        ['Finish', call.finish ?? UNKNOWN],
        ['Latency', duration(call.latencyMs)],
        ['First token', duration(call.firstTokenMs)],
        ['Project', <code key="project">{call.projectId}</code>],
        ['Key', <code key="key">{call.keyId}</code>],
        ['End user', call.endUser ?? UNKNOWN],
        ['Tags', call.tags.length === 0 ? UNKNOWN : call.tags.join(', ')],
      ]}
    />
  );
}
