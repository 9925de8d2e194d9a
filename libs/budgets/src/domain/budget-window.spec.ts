import { fc } from '../../../../test/support/properties.js';
import { PERIODS } from './budget.entity.js';
import { windowAt } from './budget-window.js';

const at = (iso: string): number => Date.parse(iso);

describe('the window of a budget', () => {
  it.each([
    ['day', 'UTC', '2026-11-27T10:00:00Z', '2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'],
    ['day', 'Europe/Berlin', '2026-11-27T23:30:00Z', '2026-11-27T23:00:00Z', '2026-11-28T23:00:00Z'],
    // 25 hours: clocks go back
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    ['week', 'America/New_York', '2026-11-23T04:59:59Z', '2026-11-16T05:00:00Z', '2026-11-23T05:00:00Z'],
    ['month', 'Asia/Kolkata', '2026-02-28T20:00:00Z', '2026-02-28T18:30:00Z', '2026-03-31T18:30:00Z'],
    ['hour', 'Asia/Kolkata', '2026-02-28T20:00:00Z', '2026-02-28T19:30:00Z', '2026-02-28T20:30:00Z'],
    ['minute', 'UTC', '2026-02-28T20:00:59.999Z', '2026-02-28T20:00:00Z', '2026-02-28T20:01:00Z'],
  ] as const)('is the %s in %s at %s', (period, timeZone, now, ...bounds) => {
    const [start, end] = bounds.map(at);
    const window = windowAt({ period, timeZone, rolling: false }, at(now));
    expect(window).toEqual({ start, from: start, end, resetAt: end });
  });

  it('is never over in total', () => {
    const window = windowAt({ period: 'total', timeZone: 'UTC', rolling: false }, at('2026-11-27T10:00:00Z'));
    expect(window).toEqual({ start: 0, from: 0, end: Infinity, resetAt: null });
  });

  it('that rolls counts all of the period before, and a thirtieth more at most', () => {
    const moment = fc.integer({ min: at('2020-01-01'), max: at('2040-01-01') });
    fc.assert(
      fc.property(fc.constantFrom(...PERIODS.filter(period => period !== 'total')), moment, (period, now) => {
        const span = { minute: 60_000, hour: 3.6e6, day: 8.64e7, week: 6.048e8, month: 2.592e9 }[period];
        const { start, from, end, resetAt } = windowAt({ period, timeZone: 'UTC', rolling: true }, now);
        expect(start).toBeLessThanOrEqual(now);
        expect(end).toBeGreaterThan(now);
        expect(from).toBeLessThanOrEqual(now - span + span / 30);
        expect(from + span).toBe(start); // whatever was written within a period before now is there
        expect(now - from).toBeLessThanOrEqual(span + span / 30);
        const atReset = windowAt({ period, timeZone: 'UTC', rolling: true }, resetAt ?? 0);
        expect(atReset.from).toBeGreaterThan(start);
      }),
    );
  });
});
