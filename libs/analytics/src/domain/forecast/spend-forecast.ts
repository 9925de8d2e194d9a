import { median, spread } from './robust.js';

/** Of normal values, 80 % lie within so many standard deviations. */
const BAND_SIGMAS = 1.2816;
/** Of a weekday; with fewer, all days tell what it costs. */
const FEWEST_OF_WEEKDAY = 2;

/** What is known when a forecast is made. Weekdays from 0 to 6. */
export interface SpendSoFar {
  /** Nano-USD of this month until now. */
  readonly spent: bigint;
  /** Nano-USD of whole days before today. */
  readonly days: readonly { readonly weekday: number; readonly nanoUsd: number }[];
  /** Days to come, and what is left of today. */
  readonly left: readonly { readonly weekday: number; readonly share: number }[];
}

/** Nano-USD of the whole month. */
export interface SpendForecast {
  readonly expected: bigint;
  readonly low: bigint;
  readonly high: bigint;
}

/**
 * What was spent, and for each day left the median of its weekday. Medians: a day that ran away does not come again each week.
 * With σ = 1.4826 · median |day − median of its weekday|, and days that vary each on its own, 80 % of months end between
 * expected ± 1.2816 · σ · √(days left), and none below what was spent.
 *
 * @returns null without any whole day to go by
 */
export function forecastOf({ spent, days, left }: SpendSoFar): SpendForecast | null {
  if (days.length === 0) {
    return null;
  }
  const usual = (weekday: number): number => {
    const same = days.filter(day => day.weekday === weekday);
    return median((same.length < FEWEST_OF_WEEKDAY ? days : same).map(({ nanoUsd }) => nanoUsd));
  };
  const toCome = left.reduce((sum, { weekday, share }) => sum + share * usual(weekday), 0);
  const sigma = spread(days.map(({ weekday, nanoUsd }) => nanoUsd - usual(weekday)));
  const band = BAND_SIGMAS * sigma * Math.sqrt(left.reduce((sum, { share }) => sum + share, 0));
  return {
    expected: spent + whole(toCome),
    low: spent + whole(Math.max(0, toCome - band)),
    high: spent + whole(toCome + band),
  };
}

function whole(nanoUsd: number): bigint {
  return BigInt(Math.round(nanoUsd));
}
