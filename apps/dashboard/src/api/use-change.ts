import { useContext, useState } from 'react';
import { SessionContext } from '../session/session.js';
import { GatewayFailure, wordsOf } from './client.js';

export interface Refusal {
  readonly message: string;
  /** The field that it is about, as the gateway calls it. */
  readonly param: string | null;
}

export interface Change {
  readonly isBusy: boolean;
  readonly isDone: boolean;
  /** Why it was not made. */
  readonly refusal: Refusal | null;
  /** Resolves with why it was not made. */
  make(change: () => Promise<void>): Promise<Refusal | null>;
}

const IDLE = { isBusy: false, isDone: false, refusal: null };

/** Asks the gateway to change something, and remembers what came of it. */
export function useChange(): Change {
  const { expire } = useContext(SessionContext);
  const [state, setState] = useState<Omit<Change, 'make'>>(IDLE);
  const make = async (change: () => Promise<void>): Promise<Refusal | null> => {
    setState({ ...IDLE, isBusy: true });
    try {
      await change();
      setState({ ...IDLE, isDone: true });
      return null;
    } catch (error) {
      if (error instanceof GatewayFailure && error.status === 401) {
        expire();
        return null;
      }
      const param = error instanceof GatewayFailure ? error.param : null;
      const refusal = { message: wordsOf(error), param };
      setState({ ...IDLE, refusal });
      return refusal;
    }
  };
  return { ...state, make };
}
