import { dayOf, HOURS_OF_DAY } from './usage-hour.js';

/** What of a time is read by days, and what by hours; hours since 1970, `to` is exclusive. */
export interface Span {
  readonly of: 'days' | 'hours';
  readonly from: number;
  readonly to: number;
}

/** The whole days within a time, since 1970; `to` is exclusive. */
export function wholeDays({ from, to }: { readonly from: number; readonly to: number }): {
  readonly from: number;
  readonly to: number;
} {
  return { from: Math.ceil(from / HOURS_OF_DAY), to: dayOf(to) };
}

/** In their order; together the whole time. @param folded days that can be read as such */
export function spansOf(
  { from, to }: { readonly from: number; readonly to: number },
  folded: ReadonlySet<number>,
): Span[] {
  const days = wholeDays({ from, to });
  const spans: { of: Span['of']; from: number; to: number }[] = [];
  const add = (of: Span['of'], start: number, end: number): void => {
    const last = spans.at(-1);
    if (last?.of === of) {
      last.to = end;
    } else if (start < end) {
      spans.push({ of, from: start, to: end });
    }
  };
  if (days.from >= days.to) {
    return [{ of: 'hours', from, to }];
  }
  add('hours', from, days.from * HOURS_OF_DAY);
  for (let day = days.from; day < days.to; day++) {
    add(folded.has(day) ? 'days' : 'hours', day * HOURS_OF_DAY, (day + 1) * HOURS_OF_DAY);
  }
  add('hours', days.to * HOURS_OF_DAY, to);
  return spans;
}
