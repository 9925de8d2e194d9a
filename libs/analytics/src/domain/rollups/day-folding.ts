import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Clock } from '@app/shared';
import { UsageDayRepository } from './usage-day.repository.js';
import { added, dayOf, HOUR_MS, type HourPart, HOURS_OF_DAY, hourOf, type UsageHour } from './usage-hour.js';

/** After its end a day is left alone for so long. The clocks of gateways differ by less, so that those which write to it later know that it is over. */
const OVER_MS = HOUR_MS;
/** Who marked a day has written by then. */
const WRITTEN_MS = 600_000;

/** Makes the sums of days that are over: what is asked about weeks is then answered from some rows a day instead of 24 times as many. */
@Injectable()
export class DayFolding {
  constructor(
    private readonly days: UsageDayRepository,
    private readonly clock: Clock,
  ) {}

  /** Days to be folded. @param end the hour before which all hours say what the ledger says */
  async due(end: number): Promise<number[]> {
    const now = this.clock.now();
    const to = dayOf(Math.min(end, hourOf(now - OVER_MS)));
    const from = await this.days.oldest();
    if (from === null || from >= to) {
      return [];
    }
    const states = await this.days.states({ from, to });
    const known = new Map(states.map(({ day, staleSince }) => [day, staleSince]));
    return Array.from({ length: to - from }, (_, at) => from + at).filter(day => {
      const staleSince = known.get(day);
      return staleSince === undefined || (staleSince !== null && staleSince <= now - WRITTEN_MS);
    });
  }

  async fold(day: number): Promise<void> {
    await this.days.fold(day);
  }
}

/** Days of these hours that may have been folded already. @param now Unix ms */
export function daysOver(hours: readonly { readonly hour: number }[], now: number): number[] {
  const today = dayOf(hourOf(now));
  const days = new Set(hours.map(({ hour }) => dayOf(hour)).filter(day => day < today));
  return [...days].toSorted((one, other) => one - other);
}

/** What the rollups of a day's hours add up to, as rollups whose `hour` is the day's first. @param rollupsOf reads those of an hour */
export async function foldedOf(
  day: number,
  rollupsOf: (hour: number) => Promise<readonly UsageHour[]>,
): Promise<UsageHour[]> {
  const first = firstHourOf(day);
  const parts: HourPart[] = [];
  for (let hour = first; hour < firstHourOf(day + 1); hour++) {
    for (const { times, ...of } of await rollupsOf(hour)) {
      parts.push({ of: { ...of, hour: first }, sums: of, addTimes: sketches => sketches.merge(times) });
    }
    await nextTurn(); // the embedded store answers synchronously
  }
  return added(parts);
}

export function firstHourOf(day: number): number {
  return day * HOURS_OF_DAY;
}
