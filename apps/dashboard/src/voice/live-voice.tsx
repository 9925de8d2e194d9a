import type { ReactElement } from 'react';
import type { FeedSecond } from '../api/types.js';
import type { Percentiles } from '../api/voice-types.js';
import { brief, duration, roughly, time, UNKNOWN } from '../format.js';
import { useLive } from '../overview/use-live.js';
import { Tile } from '../shell/tile.js';

const QUIET = 'none since this page was opened';

/** Of the latest second that has each: percentiles of several seconds do not add up. */
export function LiveVoice(): ReactElement {
  const { isConnected, seconds } = useLive(false);
  const relayed = seconds.findLast(({ relay }) => relay !== null);
  return (
    <>
      <div className="title">
        <h1>Voice</h1>
        <output className="state" data-ok={isConnected}>
          {isConnected ? 'Live' : 'Connecting …'}
        </output>
      </div>
      <dl className="tiles">
        <Times name="First sound, p95" seconds={seconds} of={second => second.firstSoundMs} />
        <Times name="Barge-in, p95" seconds={seconds} of={second => second.bargeInMs} />
        <Tile
          name="Relay, p99"
          value={relayed?.relay ? brief(relayed.relay.p99Us) : UNKNOWN}
          hint={
            relayed?.relay
              ? `mean ${brief(relayed.relay.meanUs)} of ${roughly(relayed.relay.frames)} frames, ${time(relayed.at)}`
              : QUIET
          }
        />
      </dl>
    </>
  );
}

interface TimesProps {
  readonly name: string;
  readonly seconds: readonly FeedSecond[];
  readonly of: (second: FeedSecond) => Percentiles | null;
}

function Times({ name, seconds, of }: TimesProps): ReactElement {
  const latest = seconds.findLast(second => of(second) !== null);
  const times = latest ? of(latest) : null;
  return (
    <Tile
      name={name}
      value={duration(times?.p95 ?? null)}
      hint={latest && times ? `p50 ${duration(times.p50)}, ${time(latest.at)}` : QUIET}
    />
  );
}
