import type { Wire } from './wire.js';

/** Of a conversation in words, so much is kept in one session. */
export const MOST_KEPT_BYTES = 256 * 1024;

/** Where a session goes on. */
export interface LivePlace {
  /** The vendor's name of the model. */
  readonly model: string;
  /** The same vendor with the same key: what it keeps of the session is there. */
  readonly isSame: boolean;
  /** A message of the caller's as this vendor is to get it. @throws GatewayError (400, 403) */
  admit(message: Wire): Wire;
}

/** What a new connection is told, so that the session goes on there. */
export interface LiveReplay {
  /** At once. */
  readonly opening: readonly Wire[];
  /** When the vendor is ready. Frames of sound are as the caller sent them. */
  readonly rest: readonly (Wire | Buffer)[];
  readonly by: 'handle' | 'replay';
  /** What the vendor does not know any more, in sentences for the caller. */
  readonly lost: readonly string[];
  /** Of the rest, what the vendor had not confirmed: its caller hears of it yet. */
  readonly unconfirmed: ReadonlySet<Wire>;
  /** An answer that nothing was heard of is asked for again. */
  readonly asksAgain: boolean;
}

/** What became of a session whose vendor was lost, for its caller. */
export interface LiveResumed extends Pick<LiveReplay, 'by' | 'lost'> {
  /** Ids of vendors. */
  readonly from: string;
  readonly to: string;
  readonly reason: string;
}

/**
 * What was said through one session as far as another connection has to know it: settings, conversation in words, and the caller's
 * sound that is not answered yet. It stands before the vendor, hears both sides in the vendor's protocol, and keeps from the caller
 * what is said only because the session was opened again.
 */
export interface LiveMemory {
  /** A frame of the caller's that is nothing but sound. */
  noteSound(frame: Buffer): void;
  /** Another message of the caller's. @returns as the vendor is to get it; the same where nothing is to be changed */
  noteSaid(message: Wire): Wire;
  /** Sound of an answer was passed on unread. @param bytes of its frame */
  noteSpoken(bytes: number): void;
  /** @returns a message of the vendor's as the caller is to get it; the same where nothing is to be changed, null: not at all */
  noteHeard(message: Wire): Wire | null;
  /** The vendor stands: it can be told what is said. */
  readonly isReady: boolean;
  /** The vendor owes an answer, or its greeting, nothing of which was passed on: another connection can be asked for it. */
  readonly isAwaited: boolean;
  /** The vendor keeps the session for whoever shows it that. */
  readonly hasHandle: boolean;
  /** The vendor will soon close, and nothing would be lost if the session went on elsewhere now. */
  readonly isToBeLeft: boolean;
  /** Whether a close with that reason is no decision of the caller's: the vendor ends all sessions at some age. */
  isEndOfLife(reason: string): boolean;
  /**
   * The vendor is gone.
   *
   * @param isCrossed the caller speaks another protocol, and has seen nothing of an answer that nothing was heard of
   * @returns what ends the answers under way for the caller
   */
  breakOff(isCrossed: boolean): readonly Wire[];
  /** For a new connection, which is this one's vendor from then on. @throws GatewayError (400, 403) for what it may not be asked */
  reopen(place: LivePlace): LiveReplay;
}
