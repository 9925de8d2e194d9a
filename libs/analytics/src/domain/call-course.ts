import { type Call, Histogram } from '@app/shared';

/** Seconds: from tokens that come together to a model that has fallen silent. */
const GAP_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** What is known of a call besides its record, for those who measure: read while the call ends, and kept by nobody. */
export interface CallCourse {
  readonly call: Pick<Call, 'startedAt' | 'trace'>;
  /** When a vendor was asked first: monotonic ms; null while none was. */
  readonly askedAt: number | null;
  /** In their order; none of a call that was not planned. */
  readonly attemptsMade: readonly AttemptMade[];
  /** Between the pieces of a stream, in seconds; null where there were no two. */
  readonly gaps: Histogram | null;
}

/** A request to a vendor, or one that could not be sent. */
export interface AttemptMade {
  /** `vendor/model`. */
  readonly target: string;
  /** From the call's beginning, in ms. */
  readonly startedMs: number;
  /** From there to the first byte, or to its failure, in ms; null while it is under way. */
  readonly ms: number | null;
  /** The vendor's; null when it never answered. */
  readonly status: number | null;
  /** Null for the one that answered. */
  readonly error: string | null;
}

/** Of the pieces of a stream, in seconds. */
export function newGaps(): Histogram {
  return new Histogram(GAP_BOUNDS);
}
