import type { Exchange } from '../http/exchange.js';
import type { Fault } from '../faults.js';
import type { Refusal } from '../refusal.js';
import type { World } from '../world.js';
import type { Outlet } from './outlet.js';

/** Who is let in. */
export interface Admission {
  /** Undefined where it is told in the first message. */
  readonly model: string | undefined;
  /** Begins the conversation. */
  open(line: Line): LiveSession;
}

/** One open connection, as a session sees it. */
export interface Line {
  readonly vendor: string;
  readonly exchange: Exchange;
  readonly outlet: Outlet;
  readonly world: World;
  /** What the headers of the upgrade or the chaos say; the frames of every answer suffer it. */
  readonly fault: Fault;
}

/** A conversation on one connection. */
export interface LiveSession {
  /** An answer is on its way. */
  readonly isAnswering: boolean;
  /** Takes one message as it came; whatever it is, it never throws. */
  receive(data: string): Promise<void>;
  /** The connection is closed. */
  leave(): void;
}

/** A realtime protocol, seen from the vendor's side. */
export interface LiveDialect {
  readonly vendor: string;
  /** JSON comes in binary frames. */
  readonly binary: boolean;
  /** @throws Refusal for whoever is not let in: an HTTP answer, before the upgrade */
  admit(exchange: Exchange, world: World): Admission;
  errorBody(refusal: Refusal): unknown;
}
