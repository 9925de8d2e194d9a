import { type ReactElement, useState } from 'react';
import type { FeedSecond, Summary } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { duration, share, usd } from '../format.js';
import { sumUp } from './seconds.js';

const MINUTE = 60;
/** The sums of the day are asked for again. */
const AGAIN_MS = 10_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;

/** The numbers that matter at this moment. */
export function Tiles({ seconds }: { readonly seconds: readonly FeedSecond[] }): ReactElement {
  const today = useToday(seconds.at(-1)?.at);
  const minute = sumUp(seconds, MINUTE);
  return (
    <>
      <dl className="tiles">
        <Tile
          name="Spend today"
          value={usd(today.cost)}
          hint={`${usd(minute.costNanoUsd)} in the last minute`}
        />
        <Tile name="Requests a second" value={minute.perSecond.toFixed(1)} hint="last minute" />
        <Tile name="Error rate" value={share(minute.failedShare)} hint="last minute" />
        <Tile name="Latency, p95" value={duration(minute.p95Ms)} hint="mean of the last minute" />
        <Tile
          name="Saved today"
          value={usd(today.saved)}
          hint={`${share(minute.cachedShare)} from the cache`}
        />
      </dl>
      <p role="alert" className="failure">
        {today.failure}
      </p>
    </>
  );
}

interface Today {
  readonly cost: number | null;
  readonly saved: number | null;
  readonly failure: string | null;
}

/** Of the day in UTC, as the gateway adds up; by the gateway's clock, as soon as it has told the time. */
function useToday(now: string | undefined): Today {
  const [opened] = useState(() => new Date().toISOString());
  const day = (now ?? opened).slice(0, DAY_LENGTH);
  const { answer, failure } = useAnswer<Summary>(`/admin/usage/summary?interval=total&from=${day}`, AGAIN_MS);
  const [total] = answer?.data ?? [];
  const of = (text: string | undefined): number | null => (answer ? Number(text ?? 0) : null);
  return { cost: of(total?.costNanoUsd), saved: of(total?.savedNanoUsd), failure };
}

interface TileProps {
  readonly name: string;
  readonly value: string;
  readonly hint: string;
}

/** One number. */
function Tile({ name, value, hint }: TileProps): ReactElement {
  return (
    <div className="card tile">
      <dt>{name}</dt>
      <dd>
        <b>{value}</b>
        <span className="hint">{hint}</span>
      </dd>
    </div>
  );
}
