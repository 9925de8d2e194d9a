import { useCallback, useContext, useEffect, useRef, useState } from 'react';
import { SessionContext } from '../session/session.js';
import { GatewayFailure, get, wordsOf } from './client.js';

export interface Asked<Answer> {
  readonly answer: Answer | null;
  /** What went wrong, in words. */
  readonly failure: string | null;
  /** Asks once more, as after a change. */
  again(): void;
}

/** Asks the gateway when the page opens, and again when the question changes, or every so many ms. */
export function useAnswer<Answer>(url: string, againMs: number | null = null): Asked<Answer> {
  const { expire } = useContext(SessionContext);
  const [asked, setAsked] = useState<Known<Answer>>({ url, answer: null, failure: null });
  const asking = useRef(() => {});
  const again = useCallback(() => asking.current(), []);
  useEffect(() => {
    const abort = new AbortController();
    const ask = async (): Promise<void> => {
      try {
        const answer = await get<Answer>(url, abort.signal);
        setAsked({ url, answer, failure: null });
      } catch (error) {
        if (error instanceof GatewayFailure && error.status === 401) {
          expire();
        } else if (!abort.signal.aborted) {
          setAsked(before => ({ ...before, url, failure: wordsOf(error) }));
        }
      }
    };
    asking.current = () => void ask();
    void ask();
    const timer = againMs === null ? undefined : setInterval(() => void ask(), againMs);
    return () => {
      clearInterval(timer);
      abort.abort();
    };
  }, [url, againMs, expire]);
  return asked.url === url ? { ...asked, again } : { answer: null, failure: null, again };
}

type Known<Answer> = Omit<Asked<Answer>, 'again'> & { readonly url: string };
