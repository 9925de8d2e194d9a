import { useContext, useEffect, useRef } from 'react';
import { SessionContext } from '../session/session.js';
import type { FeedSecond, UsageView } from './types.js';

const STREAM = '/admin/analytics/stream';
/** Before a stream that the gateway refused is asked for again. */
const AGAIN_MS = 3000;

export interface FeedListener {
  call(call: UsageView): void;
  second(second: FeedSecond): void;
  /** Calls that were not told; null: nobody knows how many. */
  missed(calls: number | null): void;
  connected(isConnected: boolean): void;
}

/**
 * Listens to calls as they end, as long as the page is open. A browser comes back by itself to a stream that broke off,
 * and says what it saw last; it does not to one that was refused, as when the session is over.
 */
export function useFeed(listener: FeedListener): void {
  const { check } = useContext(SessionContext);
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => {
    let source: EventSource;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const open = (): void => {
      source = new EventSource(STREAM);
      source.addEventListener('open', () => latest.current.connected(true));
      source.addEventListener('call', ({ data }) => latest.current.call(JSON.parse(data) as UsageView));
      source.addEventListener('second', ({ data }) => latest.current.second(JSON.parse(data) as FeedSecond));
      source.addEventListener('missed', ({ data }) =>
        latest.current.missed((JSON.parse(data) as { calls: number | null }).calls),
      );
      source.addEventListener('error', () => {
        latest.current.connected(false);
        if (source.readyState === EventSource.CLOSED) {
          check();
          timer = setTimeout(open, AGAIN_MS);
        }
      });
    };
    open();
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [check]);
}
