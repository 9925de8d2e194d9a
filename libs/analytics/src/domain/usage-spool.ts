import type { UsageRecord } from './usage-record.entity.js';

/** A call on its way to the store. */
export interface SpooledCall {
  readonly usage: UsageRecord;
  /** How its vendor was chosen, as plain JSON; null when there was no choice. */
  readonly decision: object | null;
}

/** A part of the spool to which nothing is added any more. */
export interface SpoolSegment {
  /** Its calls, in order. What is damaged or cannot be read is left out, told in the log, and kept aside. Never rejects. */
  read(): Promise<SpooledCall[]>;
  /** The store has them all. */
  remove(): Promise<void>;
}

/** Port: where calls wait for the store, so that they outlive the process. */
export abstract class UsageSpool {
  /** The call is in the hands of the operating system when it returns. False when the spool cannot take it; never throws. */
  abstract append(call: SpooledCall): boolean;
  /** What was appended since the last time; null when nothing was. */
  abstract seal(): SpoolSegment | null;
  /** What processes before this one left, oldest first. */
  abstract leftovers(): SpoolSegment[];
}
