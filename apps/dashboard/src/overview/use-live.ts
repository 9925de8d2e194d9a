import { useMemo, useState } from 'react';
import type { FeedSecond, UsageView } from '../api/types.js';
import { useFeed } from '../api/use-feed.js';
import { withSecond } from './seconds.js';

/** So many of the latest calls are listed. */
const LISTED = 25;

export interface Live {
  readonly isConnected: boolean;
  readonly seconds: readonly FeedSecond[];
  /** Latest first. */
  readonly calls: readonly UsageView[];
  /** Whether calls went by that were not told. */
  readonly hasMissed: boolean;
}

const NOTHING: Live = { isConnected: false, seconds: [], calls: [], hasMissed: false };

/** What the gateway tells since the page was opened. While it is paused, the list of calls stands still. */
export function useLive(isPaused: boolean): Live {
  const [live, setLive] = useState<Live>(NOTHING);
  const [shown, setShown] = useState<Live['calls']>([]);
  useFeed({
    call: call => setLive(before => ({ ...before, calls: withCall(before.calls, call) })),
    second: second => setLive(before => ({ ...before, seconds: withSecond(before.seconds, second) })),
    missed: () => setLive(before => ({ ...before, hasMissed: true })),
    connected: isConnected => setLive(before => ({ ...before, isConnected })),
  });
  if (!isPaused && shown !== live.calls) {
    setShown(live.calls);
  }
  return useMemo(() => ({ ...live, calls: shown }), [live, shown]);
}

/** Who comes back to the feed may be told a call twice. */
function withCall(calls: readonly UsageView[], call: UsageView): readonly UsageView[] {
  return [call, ...calls.filter(({ id }) => id !== call.id)].slice(0, LISTED);
}
