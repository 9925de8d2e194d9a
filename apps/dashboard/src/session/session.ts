import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { GatewayFailure, get, post, remove, wordsOf } from '../api/client.js';
import type { Session } from '../api/types.js';

interface Doors {
  logIn(key: string): Promise<void>;
  logOut(): Promise<void>;
  /** Asks whether somebody is still logged in. */
  check(): void;
  /** The gateway said that nobody is. */
  expire(): void;
}

type Known =
  | { readonly state: 'unknown' }
  | { readonly state: 'out'; readonly notice: string | null }
  | { readonly state: 'in'; readonly who: Session };

export type SessionState = Doors & Known;

const PATH = '/admin/session';
const OVER = 'The session is over. Log in again.';
const NOBODY: Doors = {
  logIn: () => Promise.resolve(),
  logOut: () => Promise.resolve(),
  check: () => {},
  expire: () => {},
};

export const SessionContext = createContext<Doors & { readonly who?: Session }>(NOBODY);

/** Whether there are buttons that change something. The gateway asks for itself. */
export function useMayChange(): boolean {
  const { who } = useContext(SessionContext);
  return who !== undefined && who.role !== 'viewer';
}

/** Who is logged in. The cookie is the browser's: scripts know only what the gateway tells. */
export function useSessionState(): SessionState {
  const [known, setKnown] = useState<Known>({ state: 'unknown' });
  const check = useCallback(() => {
    get<Session>(PATH).then(
      who => setKnown({ state: 'in', who }),
      (error: unknown) => setKnown(before => afterFailure(before, error)),
    );
  }, []);
  const doors = useMemo<Doors>(
    () => ({
      check,
      expire: () => setKnown({ state: 'out', notice: OVER }),
      logIn: async key => setKnown({ state: 'in', who: await post<Session>(PATH, { key }) }),
      logOut: async () => {
        await remove(PATH);
        setKnown({ state: 'out', notice: null });
      },
    }),
    [check],
  );
  useEffect(check, [check]);
  return { ...doors, ...known };
}

/** A gateway that cannot be reached for a moment logs nobody out. */
function afterFailure(before: Known, error: unknown): Known {
  if (error instanceof GatewayFailure && error.status === 401) {
    return { state: 'out', notice: before.state === 'in' ? OVER : null };
  }
  return before.state === 'unknown' ? { state: 'out', notice: wordsOf(error) } : before;
}
