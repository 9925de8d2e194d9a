import { Histogram } from '@app/shared';

/** Seconds: from tokens that come together to a model that has fallen silent. */
const GAP_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** What is known of a call besides its record, for those who measure: read while the call ends, and kept by nobody. */
export interface CallCourse {
  /** Between the pieces of a stream, in seconds; null where there were no two. */
  readonly gaps: Histogram | null;
}

/** Of the pieces of a stream, in seconds. */
export function newGaps(): Histogram {
  return new Histogram(GAP_BOUNDS);
}
