import { type ReactElement, useMemo, useState } from 'react';
import type { FeedSecond } from '../api/types.js';
import { CallTable } from '../calls/call-table.js';
import { duration, roughly } from '../format.js';
import { usePageTitle } from '../shell/page-title.js';
import { Chart, type Line } from '../shell/chart.js';
import { Tiles } from './tiles.js';
import { useLive } from './use-live.js';

/** What the gateway does at this moment. */
export function OverviewPage(): ReactElement {
  usePageTitle('Overview');
  const [isPaused, setPaused] = useState(false);
  const live = useLive(isPaused);
  return (
    <>
      <div className="title">
        <h1>Overview</h1>
        <output className="state" data-ok={live.isConnected}>
          {live.isConnected ? 'Live' : 'Connecting …'}
        </output>
      </div>
      <Tiles seconds={live.seconds} />
      <LiveCharts seconds={live.seconds} />
      <section className="card" aria-labelledby="latest">
        <div className="title">
          <h2 id="latest">Latest calls</h2>
          {live.hasMissed && <p className="hint">Some calls went by too fast to be listed.</p>}
          <button
            type="button"
            className="quiet"
            aria-pressed={isPaused}
            onClick={() => setPaused(!isPaused)}
          >
            {isPaused ? 'Go on' : 'Pause'}
          </button>
        </div>
        <CallTable
          calls={live.calls}
          label="Latest calls"
          empty="No call has ended since this page was opened."
        />
      </section>
    </>
  );
}

function LiveCharts({ seconds }: { readonly seconds: readonly FeedSecond[] }): ReactElement {
  const charted = useMemo(() => linesOf(seconds), [seconds]);
  return (
    <div className="charts">
      <Chart title="Calls a second" moments={charted.moments} lines={charted.calls} format={roughly} />
      <Chart title="Latency" moments={charted.moments} lines={charted.latency} format={duration} />
    </div>
  );
}

function linesOf(seconds: readonly FeedSecond[]): {
  readonly moments: readonly number[];
  readonly calls: readonly Line[];
  readonly latency: readonly Line[];
} {
  const values = (of: (second: FeedSecond) => number | null): (number | null)[] => seconds.map(of);
  return {
    moments: seconds.map(({ at }) => Date.parse(at) / 1000),
    calls: [
      { name: 'all', colour: 'accent', values: values(({ calls }) => calls) },
      { name: 'failed', colour: 'bad', values: values(({ failedCalls }) => failedCalls) },
    ],
    latency: [
      { name: 'p50', colour: 'good', values: values(({ latencyMs }) => latencyMs?.p50 ?? null) },
      { name: 'p95', colour: 'accent', values: values(({ latencyMs }) => latencyMs?.p95 ?? null) },
    ],
  };
}
