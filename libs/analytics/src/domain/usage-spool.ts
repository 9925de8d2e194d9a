import type { UsageRecord } from './usage-record.entity.js';

/** A call that a vendor is about to be asked for: all there is of it if nobody lives to tell how it ended. */
export type BegunCall = Pick<
  UsageRecord,
  | 'id'
  | 'projectId'
  | 'keyId'
  | 'endpoint'
  | 'provider'
  | 'modelAsked'
  | 'modelUsed'
  | 'stream'
  | 'receivedAt'
>;

/** A call on its way to the store. */
export interface SpooledCall {
  readonly usage: UsageRecord;
  /** How its vendor was chosen, as plain JSON; null when there was no choice. */
  readonly decision: object | null;
}

/** A part of the spool to which nothing is added any more. */
export interface SpoolSegment {
  /** Those of its calls that the spool could not take: only memory has them. */
  readonly unsafe: readonly SpooledCall[];
  /** Calls of which only the beginning is known; the store may know the end of some. */
  readonly isUnsettled?: true;
  /** The others, in order. What is damaged or cannot be read is left out, told in the log, and kept aside. Never rejects. */
  read(): Promise<SpooledCall[]>;
  /** The store has them all. */
  remove(): Promise<void>;
}

/**
 * Port: where calls wait for the store, so that they outlive the process. What is given in one turn of the event loop is
 * written together.
 */
export abstract class UsageSpool {
  /** Resolves when the call is safe: if it never ends, the next process finds it in `leftovers`. Never rejects: a spool that is full takes none. */
  abstract begin(call: BegunCall): Promise<void>;
  /** The call has ended. Resolves when it is safe, or the spool cannot take it; never rejects. */
  abstract append(call: SpooledCall): Promise<void>;
  /** What was appended since the last time; null when nothing was. */
  abstract seal(): SpoolSegment | null;
  /** What processes before this one left, oldest first, and at the end the calls that they began and never ended. */
  abstract leftovers(): SpoolSegment[];
}
