import { DateTime } from 'luxon';
import { type Budget, MINUTES } from './budget.entity.js';

/** Of a rolling period: it is counted in so many steps, and one more. */
const STEPS = 30;
/** The clocks of gateways may differ by so much: a minute that is over for one is not for another. */
const CLOCKS_DIFFER_MS = 60_000;

/** When a budget counts together, around a moment; Unix ms all. */
export interface BudgetWindow {
  /** What is spent now is written here. */
  readonly start: number;
  /** What was written from here on counts. */
  readonly from: number;
  /** When the next one begins. */
  readonly end: number;
  /** When all that was spent until now no longer counts; null: never. */
  readonly resetAt: number | null;
}

type Terms = Pick<Budget, 'period' | 'rolling' | 'timeZone'>;

/** The window of a budget at a moment. Not cheap in time zones: it holds until its end. */
export function windowAt({ period, rolling, timeZone: zone }: Terms, now: number): BudgetWindow {
  if (period === 'total') {
    return { start: 0, from: 0, end: Infinity, resetAt: null };
  }
  if (!rolling) {
    const start = DateTime.fromMillis(now, { zone }).startOf(period);
    const end = start.plus({ [period]: 1 }).toMillis();
    return { start: start.toMillis(), from: start.toMillis(), end, resetAt: end };
  }
  const span = MINUTES[period] * 60_000;
  const step = span / STEPS;
  const start = Math.floor(now / step) * step;
  return { start, from: start - span, end: start + step, resetAt: start + step + span };
}

/** Unix ms from which on what was spent is to be kept: it no longer counts here, but for a gateway whose clock is behind. */
export function keptFrom(terms: Terms, start: number): number {
  return windowAt(terms, start - CLOCKS_DIFFER_MS).from;
}
