import { type ReactElement, useState } from 'react';
import type { FeedSecond, Summary } from '../api/types.js';
import { useAnswer } from '../api/use-answer.js';
import { duration, share, time, usd } from '../format.js';
import { Tile } from '../shell/tile.js';
import { sumUp } from './seconds.js';

const MINUTE = 60;
/** Then the sums are asked for again. */
const AGAIN_MS = 10_000;
const DAY_LENGTH = 'YYYY-MM-DD'.length;
const HOUR_MS = 3_600_000;

/** The numbers that matter at this moment. */
export function Tiles({ seconds }: { readonly seconds: readonly FeedSecond[] }): ReactElement {
  const [opened] = useState(() => new Date().toISOString());
  const now = seconds.at(-1)?.at ?? opened; // by the gateway's clock, as soon as it has told the time
  const today = useToday(now);
  const latency = useLatency(now);
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
        <Tile name="Latency, p95" value={duration(latency.p95Ms)} hint={`since ${time(latency.from)}`} />
        <Tile
          name="Saved today"
          value={usd(today.saved)}
          hint={`${share(minute.cachedShare)} from the cache`}
        />
      </dl>
      <p role="alert" className="failure">
        {today.failure ?? latency.failure}
      </p>
    </>
  );
}

interface Today {
  readonly cost: number | null;
  readonly saved: number | null;
  readonly failure: string | null;
}

/** Of the day in UTC, as the gateway adds up. */
function useToday(now: string): Today {
  const day = now.slice(0, DAY_LENGTH);
  const { answer, failure } = useAnswer<Summary>(`/admin/usage/summary?interval=total&from=${day}`, AGAIN_MS);
  const [total] = answer?.data ?? [];
  const of = (text: string | undefined): number | null => (answer ? Number(text ?? 0) : null);
  return { cost: of(total?.costNanoUsd), saved: of(total?.savedNanoUsd), failure };
}

interface Latency {
  readonly from: string;
  readonly p95Ms: number | null;
  readonly failure: string | null;
}

/** Of this hour and the one before: percentiles of seconds do not add up, those that the gateway keeps by the hour do. */
function useLatency(now: string): Latency {
  const hour = Math.floor(Date.parse(now) / HOUR_MS) - 1;
  const from = new Date(hour * HOUR_MS).toISOString();
  const { answer, failure } = useAnswer<Summary>(
    `/admin/analytics/latency?interval=total&from=${from}`,
    AGAIN_MS,
  );
  return { from, p95Ms: answer?.data[0]?.latencyMs?.p95 ?? null, failure };
}
