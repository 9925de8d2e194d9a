import { fc } from '../../../../../test/support/properties.js';
import { outlier } from './anomaly.js';
import { median } from './robust.js';
import { forecastOf } from './spend-forecast.js';

const WEEKS = 4;
const amount = fc.nat(10_000_000_000_000);
const daysOf = (amounts: readonly number[]) => amounts.map((nanoUsd, at) => ({ weekday: at % 7, nanoUsd }));
const month = fc.array(amount, { minLength: 1, maxLength: 7 * WEEKS }).map(daysOf);
const left = fc.array(fc.record({ weekday: fc.nat(6), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
  maxLength: 31,
});
const spent = fc.bigInt({ min: 0n, max: 1n << 80n });

describe('forecastOf', () => {
  it('is never below what was spent, and between its bounds', () => {
    fc.assert(
      fc.property(spent, month, left, (known, days, rest) => {
        const { low, expected, high } = forecastOf({ spent: known, days, left: rest }) ?? {
          low: 0n,
          expected: 0n,
          high: 0n,
        };

        expect([known <= low, low <= expected, expected <= high]).toEqual([true, true, true]);
      }),
    );
  });

  it('knows a week that repeats itself, whatever happened on one day of each', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 7, maxLength: 7 }), fc.nat(27), amount, (week, wild, ran) => {
        const usual = Array.from({ length: 7 * WEEKS }, (_, at) => week[at % 7] ?? 0);
        const days = daysOf(usual.map((value, at) => (at === wild ? value + ran : value)));
        const rest = week.map((_, weekday) => ({ weekday, share: 1 }));
        const sum = BigInt(week.reduce((total, value) => total + value, 0));

        expect(forecastOf({ spent: 5n, days, left: rest })).toEqual({
          expected: sum + 5n,
          low: sum + 5n,
          high: sum + 5n,
        });
      }),
    );
  });

  it('is exact when the month is over, and nothing without a day to go by', () => {
    fc.assert(
      fc.property(spent, month, (known, days) => {
        expect(forecastOf({ spent: known, days, left: [] })).toEqual({
          expected: known,
          low: known,
          high: known,
        });
        expect(forecastOf({ spent: known, days: [], left: [{ weekday: 1, share: 1 }] })).toBeNull();
      }),
    );
  });
});

describe('outlier', () => {
  const before = fc.array(fc.nat(1_000_000), { minLength: 7, maxLength: 14 });

  it('is none that is as usual, and every one that is far enough', () => {
    fc.assert(
      fc.property(before, values => {
        const usual = median(values);

        expect(outlier(usual, values, 1)).toBeNull();
        expect(outlier(usual + 10_000_000, values, 1)?.score).toBeGreaterThanOrEqual(3.5);
      }),
    );
  });

  it('is the same to values that were told in other units', () => {
    fc.assert(
      fc.property(before, fc.nat(5_000_000), (values, value) => {
        const scaled = outlier(
          value * 1024,
          values.map(each => each * 1024),
          1024,
        );

        expect(scaled?.score).toBe(outlier(value, values, 1)?.score);
      }),
    );
  });

  it('is not known of less than a week', () => {
    expect(outlier(1e9, [1, 1, 1, 1, 1, 1], 1)).toBeNull();
  });
});
