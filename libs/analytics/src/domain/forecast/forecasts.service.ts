import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { RollupReader } from '../rollups/rollup-reader.js';
import { dayOf, HOUR_MS, hourOf, monthOf, monthStart, spentOn } from '../rollups/usage-hour.js';
import { bucketsOf, type Whose } from './groups.js';
import { forecastOf, type SpendForecast, type SpendSoFar } from './spend-forecast.js';

const DAY_MS = 24 * HOUR_MS;
const HOURS_OF_DAY = 24;
/** Four of each weekday. */
const DAYS_KNOWN = 28;
const WEEK = 7;
/** 1970 began on a Thursday. */
const FIRST_WEEKDAY = 4;

export interface ProjectForecast {
  /** Absent when projects are not told apart. */
  readonly projectId?: string;
  /** Nano-USD of this month until now. */
  readonly spent: bigint;
  /** Whole days it goes by, from the first one with spend. */
  readonly days: number;
  /** Null without any. */
  readonly forecast: SpendForecast | null;
}

/** Times in Unix ms. */
export interface Forecast {
  readonly at: number;
  /** When the month ends, UTC. */
  readonly until: number;
  readonly projects: readonly ProjectForecast[];
}

/** What months will cost, by the hourly sums. */
@Injectable()
export class Forecasts {
  constructor(
    private readonly rollups: RollupReader,
    private readonly clock: Clock,
  ) {}

  /** @throws InvalidRequestError (400) when there are too many projects to tell of at once */
  async of(whose: Whose): Promise<Forecast> {
    const now = this.clock.now();
    const month = monthOf(hourOf(now));
    const [begin, until] = [monthStart(month), monthStart(month + 1)];
    const today = dayOf(hourOf(now));
    const first = Math.min(dayOf(hourOf(begin)), today - DAYS_KNOWN);
    const span = { from: first * HOURS_OF_DAY, to: hourOf(now) + 1 };
    const groups = await bucketsOf(this.rollups, whose, { ...span, interval: 'day' });
    const projects = groups.map(({ projectId, buckets }) => {
      const spend = new Map(buckets.map(bucket => [bucket.start, spentOn(bucket)]));
      const spent = [...spend].reduce((sum, [day, cost]) => (day * DAY_MS < begin ? sum : sum + cost), 0n);
      const days = knownDays(spend, today);
      const forecast = forecastOf({ spent, days, left: daysLeft(now, until) });
      return { ...(projectId !== undefined && { projectId }), spent, days: days.length, forecast };
    });
    return { at: now, until, projects };
  }
}

/** Days without spend count, but for those before the first one with spend. */
function knownDays(spend: ReadonlyMap<number, bigint>, today: number): SpendSoFar['days'] {
  const days = Array.from({ length: DAYS_KNOWN }, (_, at) => today - DAYS_KNOWN + at);
  const since = days.findIndex(day => spend.has(day));
  return since < 0
    ? []
    : days.slice(since).map(day => ({ weekday: weekdayOf(day), nanoUsd: Number(spend.get(day) ?? 0n) }));
}

function daysLeft(now: number, until: number): SpendSoFar['left'] {
  const left: { weekday: number; share: number }[] = [];
  for (let day = dayOf(hourOf(now)); day * DAY_MS < until; day++) {
    const share = Math.min(1, ((day + 1) * DAY_MS - now) / DAY_MS);
    left.push({ weekday: weekdayOf(day), share });
  }
  return left;
}

function weekdayOf(day: number): number {
  return (day + FIRST_WEEKDAY) % WEEK;
}
