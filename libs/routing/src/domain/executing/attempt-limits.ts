import type { CallOptions } from '../planned-call.js';

/** For how long one attempt is waited for; null: as long as the gateway allows. */
export interface AttemptLimits {
  /** Until a stream begins, in ms. */
  readonly firstTokenMs: number | null;
  /** Until an answer has ended, in ms. */
  readonly answerMs: number | null;
  /** Between two pieces, in ms. */
  readonly idleMs: number | null;
}

/** @param leftMs of the whole call */
export function attemptLimits(
  { attemptMs, firstTokenMs, idleMs }: CallOptions,
  leftMs: number,
): AttemptLimits {
  return {
    firstTokenMs: least(firstTokenMs, attemptMs, leftMs),
    answerMs: least(attemptMs, leftMs),
    idleMs,
  };
}

function least(...limits: readonly (number | null)[]): number | null {
  const least = Math.min(...limits.map(limit => limit ?? Number.POSITIVE_INFINITY));
  return Number.isFinite(least) ? least : null;
}
