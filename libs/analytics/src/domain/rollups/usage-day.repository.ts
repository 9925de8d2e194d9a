import type { Grouping, RollupFilter, TimesBucket, UsageBucket } from './rollup.repository.js';

/** Whether the sums of a day are there to be read. */
export interface DayState {
  /** Days since 1970, UTC. */
  readonly day: number;
  /** Since when they lack something that came later, in Unix ms; null when they say what its hours say. */
  readonly staleSince: number | null;
}

/**
 * Storage port of rollups by days, each made of those of its hours when it is over. Whoever writes to the hours of such a day
 * marks it stale before: until it is folded anew, its hours are read.
 */
export abstract class UsageDayRepository {
  /** As `RollupRepository` has it, of days: `from` and `to` are hours yet, those in which days begin. */
  abstract sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]>;
  abstract times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]>;
  /** Of the days from `from` on and before `to` that ever were folded, or marked. */
  abstract states(span: { readonly from: number; readonly to: number }): Promise<DayState[]>;
  /** The day of the oldest rollup; null when there is none. */
  abstract oldest(): Promise<number | null>;
  /**
   * Adds up the hours of a day. One at a time, and of a stale day only when nobody can be at it any more.
   *
   * @returns false when somebody marked it meanwhile: it is stale still
   */
  abstract fold(day: number): Promise<boolean>;
}
