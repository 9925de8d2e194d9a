import type { FeedSecond } from '../api/types.js';

/** So many are charted: five minutes. */
export const KEPT_SECONDS = 300;

/** What some seconds add up to. */
export interface Totals {
  readonly perSecond: number;
  /** From 0 to 1; null where there were no calls, as of the next ones. */
  readonly failedShare: number | null;
  readonly cachedShare: number | null;
  readonly costNanoUsd: number;
  readonly savedNanoUsd: number;
}

/** The same with one more, and without the one that is too old. */
export function withSecond(seconds: readonly FeedSecond[], second: FeedSecond): readonly FeedSecond[] {
  return [...seconds.slice(1 - KEPT_SECONDS), second];
}

/** Of the last ones, or of as many as there are. */
export function sumUp(seconds: readonly FeedSecond[], last: number): Totals {
  const those = seconds.slice(-last);
  const sum = (of: (second: FeedSecond) => number): number =>
    those.reduce((total, second) => total + of(second), 0);
  const calls = sum(second => second.calls);
  return {
    perSecond: those.length === 0 ? 0 : calls / those.length,
    failedShare: calls === 0 ? null : sum(second => second.failedCalls) / calls,
    cachedShare: calls === 0 ? null : sum(second => second.cachedCalls) / calls,
    costNanoUsd: sum(second => second.costNanoUsd),
    savedNanoUsd: sum(second => second.savedNanoUsd),
  };
}
