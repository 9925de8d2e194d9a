import type { CallTimes } from './call-times.js';
import type { HourOf, UsageHour, UsageSums } from './usage-hour.js';

export const INTERVALS = ['hour', 'day', 'month', 'total'] as const;
export type Interval = (typeof INTERVALS)[number];

/** What sums can be told apart by. */
export const DIMENSIONS = ['projectId', 'keyId', 'endpoint', 'provider', 'model'] as const;
/** And what only sums by label can be, one of either. */
export const LABELS = ['endUser', 'tag'] as const;
export type Label = (typeof LABELS)[number];
export type Dimension = (typeof DIMENSIONS)[number] | Label;

/** One value of each dimension that matters. */
export type Group = Partial<Pick<HourOf, Dimension>>;

/** Which rollups are asked for; hours since 1970, `to` is exclusive. */
export interface RollupFilter {
  readonly projectId?: string;
  readonly keyId?: string;
  /** Asks for sums by label, which know nothing of calls without. */
  readonly label?: Label;
  readonly endUser?: string;
  readonly tag?: string;
  /** Of these groups only; at least one. */
  readonly among?: readonly Group[];
  readonly from: number;
  readonly to: number;
}

export const RANKS = ['cost', 'calls'] as const;

export interface Grouping {
  readonly interval: Interval;
  readonly by: readonly Dimension[];
  /** The groups that have most of it come first: of rollups by label, which may have more groups than can be told. */
  readonly largestBy?: (typeof RANKS)[number];
}

/** One interval, and one value of each dimension that was asked for. */
export interface BucketOf extends Group {
  /** Hours, days or months since 1970; 0 of a total. */
  readonly start: number;
  /** All groups that are not told by themselves. */
  readonly other?: true;
}

export interface UsageBucket extends BucketOf, UsageSums {}

export interface TimesBucket extends BucketOf {
  readonly times: CallTimes;
}

/** A rollup that said something else than the ledger. */
export interface Difference {
  /** Null: there was none. */
  readonly told: UsageHour | null;
  readonly ledger: UsageHour;
}

export interface Mending {
  readonly differences: readonly Difference[];
  /** False when calls came meanwhile: some differences may be there yet. */
  readonly isDone: boolean;
}

/** What was reconciled until now. Hours since 1970. */
export interface ReconcileState {
  /** The next hour to look at; all before were. */
  readonly next: number;
  /** Hours before that one began when there were no rollups: they are made then, and nobody is alarmed. */
  readonly since: number;
}

/** Storage port of what the usage records add up to by hours. They are written along with the records. */
export abstract class RollupRepository {
  /** In no order, unless one is asked for. */
  abstract sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]>;
  /** The distributions of calls that were timed, in no order. Some thousand buckets at most: see what `sums` gives first. */
  abstract times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]>;
  /** Compares the rollups of an hour with the ledger, also those by label, and makes them say the same. */
  abstract mend(hour: number): Promise<Mending>;
  /** Writes the distributions of an hour that is over so that they are read fast. What comes later is added all the same. */
  abstract pack(hour: number): Promise<void>;
  /** The hour of the oldest record; null when there is none. */
  abstract oldest(): Promise<number | null>;
  /** The records of all hours before this one may be gone: their rollups are what there is. 0: none are. */
  abstract deletedUntil(): Promise<number>;
  /** Is said before they are deleted. It only ever grows. */
  abstract noteDeleted(until: number): Promise<void>;
  /** Null before the first reconciliation. */
  abstract state(): Promise<ReconcileState | null>;
  /**
   * Takes the reconciliation for a time.
   *
   * @param first the state when there is none yet
   * @param lease from now, and until when, in Unix ms
   * @returns false when another gateway has it
   */
  abstract claim(
    first: ReconcileState,
    lease: { readonly now: number; readonly until: number },
  ): Promise<boolean>;
  /** Notes how far it is, and ends or extends the lease. */
  abstract advance(next: number, leaseUntil: number): Promise<void>;
  /** Forgets how far the batches of spools have been applied that have shipped nothing since. @param before Unix ms */
  abstract forgetSpools(before: number): Promise<void>;
}
