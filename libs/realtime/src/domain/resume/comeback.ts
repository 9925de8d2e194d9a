import type { LiveReplay, LiveResumed } from '@app/dialects';
import type { Message } from '../messages.js';
import type { Leg } from './leg.js';
import type { VendorLoss } from './vendor-loss.js';

/** A connection that does not know the conversation yet. */
export interface Comeback {
  /** What it is told at once, and when it is ready. */
  readonly replay: Pick<LiveReplay, 'opening' | 'rest' | 'asksAgain'>;
  /** What its caller is told of it then. */
  readonly told: LiveResumed;
  /** And besides, in its protocol. */
  readonly shown: readonly Message[];
  /** Its vendor speaks another protocol than the last one: what it is told is news to the memory of that. */
  readonly isTranslated: boolean;
}

/** From one connection to the next. */
export interface Move {
  readonly leg: Leg;
  readonly before: Leg;
  readonly loss: VendorLoss;
  /** The caller was greeted. */
  readonly isBegun: boolean;
}
