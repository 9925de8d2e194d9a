import type { Grouping, RollupFilter, TimesBucket, UsageBucket } from './rollup.repository.js';

/**
 * Storage port of rollups by hours for each end user and each tag, apart from the others since there may be as many as calls. They
 * are written, and mended, along with those.
 */
export abstract class LabelRollupRepository {
  /** As `RollupRepository` has it, by the `label` of the filter; a call with several tags counts in each. */
  abstract sums(filter: RollupFilter, grouping: Grouping, limit: number): Promise<UsageBucket[]>;
  abstract times(filter: RollupFilter, grouping: Grouping): Promise<TimesBucket[]>;
  /** The hour of the oldest one; null when there is none. */
  abstract oldest(): Promise<number | null>;
  /** Of hours before that. @returns how many were deleted, at most `limit` */
  abstract deleteBefore(hour: number, limit: number): Promise<number>;
}
