import type { Charge, Settlement } from '@app/budgets';
import type { UsageRecord } from './usage-record.entity.js';

/** A call that a vendor is about to be asked for: all there is of it if nobody lives to tell how it ended. */
export type BegunCall = Pick<
  UsageRecord,
  | 'id'
  | 'projectId'
  | 'keyId'
  | 'endUser'
  | 'tags'
  | 'endpoint'
  | 'provider'
  | 'modelAsked'
  | 'modelUsed'
  | 'stream'
  | 'receivedAt'
> & {
  /** What is set aside for it; absent when no budget counts. */
  readonly charge?: Charge;
};

/** A call on its way to the store. */
export interface SpooledCall {
  readonly usage: UsageRecord;
  /** How its vendor was chosen, as plain JSON; null when there was no choice. */
  readonly decision: object | null;
  /** Who pays for it, and how much; absent when no budget counts. */
  readonly charge?: Charge;
  /** It tells what an earlier call cost, in the place of which budgets had paid something else. */
  readonly settlement?: Settlement;
}

/** What budgets have to do with a call. */
export type CallMoney = Pick<SpooledCall, 'charge' | 'settlement'>;

/**
 * Names a batch for good: whoever applies it keeps the greatest `seq` of each spool, and does not apply what is not greater. So
 * it is applied once, however often it is shipped.
 */
export interface BatchId {
  /** The process that spooled it, also when a later process ships it. */
  readonly spool: string;
  /** From 1, with gaps; it grows in the order in which the batches of a spool are shipped. */
  readonly seq: number;
}

/** A part of the spool to which nothing is added any more. */
export interface SpoolSegment {
  readonly id: BatchId;
  /** Those of its calls that the spool could not take: only memory has them. */
  readonly unsafe: readonly SpooledCall[];
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
  /** Of all that waits. */
  abstract readonly bytes: number;

  /** Resolves when the call is safe: if it never ends, the next process finds it in `leftovers`. Never rejects: a spool that is full takes none. */
  abstract begin(call: BegunCall): Promise<void>;
  /** The call has ended. Resolves when it is safe, or the spool cannot take it; never rejects. */
  abstract append(call: SpooledCall): Promise<void>;
  /** What was appended since the last time. */
  abstract seal(): SpoolSegment;
  /** What processes before this one left: each one's in order. */
  abstract leftovers(): SpoolSegment[];
  /** The calls that they began and never ended, as far as their leftovers were read; the store may know the end of some. */
  abstract unended(): BegunCall[];
  /** Processes that ran here before, whether or not they left anything. */
  abstract predecessors(): readonly string[];
  /** That one need not be named any more. Never throws. */
  abstract bury(process: string): void;
  /** The store knows how these ended. */
  abstract forget(ids: readonly string[]): Promise<void>;
}
