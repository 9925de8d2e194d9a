import { median, spread } from './robust.js';

/** Beyond so many standard deviations a value is an outlier (Iglewicz and Hoaglin, 1993). */
const OUTLIER_SIGMAS = 3.5;
/** Fewer values tell nothing of what is usual. */
const FEWEST_USUAL = 7;
/** Values vary so much at least, or each cent would be an alarm where it is always the same. */
const LEAST_VARIATION = 0.05;

export interface Score {
  /** The median of the values before. */
  readonly usual: number;
  /** How many standard deviations above it; below zero: under it. */
  readonly score: number;
}

/**
 * The robust z-score: (value − median) ∕ σ with σ = 1.4826 · median |value before − median|, at least 5 % of the median, and
 * at least `floor`.
 *
 * @param before what was seen at other times
 * @returns null for what is no outlier, 3.5 σ away or more; also when fewer than 7 values are known
 */
export function outlier(value: number, before: readonly number[], floor: number): Score | null {
  if (before.length < FEWEST_USUAL) {
    return null;
  }
  const usual = median(before);
  const own = spread(before.map(each => each - usual));
  const score = (value - usual) / Math.max(own, LEAST_VARIATION * Math.abs(usual), floor);
  return Math.abs(score) < OUTLIER_SIGMAS ? null : { usual, score };
}
