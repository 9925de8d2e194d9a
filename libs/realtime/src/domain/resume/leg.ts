import type { Route, Sending } from '@app/routing';
import type { OpenedSocket } from '../caller-socket.js';
import type { LiveTurns } from '../live-turns.js';
import type { SessionNames } from '../session-names.js';

/** One connection to a vendor, of the one or more that a session has in its life. */
export interface Leg {
  readonly vendor: OpenedSocket;
  readonly route: Route;
  readonly turns: LiveTurns;
  readonly names: SessionNames;
  /** The key that the vendor was shown; `''`: none. */
  readonly secret: string;
  /** Tells its target of an answer that it has failed, where the session goes on there. */
  readonly noteFailure: Sending['noteFailure'];
}
