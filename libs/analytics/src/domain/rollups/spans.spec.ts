import { fc } from '../../../../../test/support/properties.js';
import { spansOf } from './spans.js';

describe('spansOf', () => {
  it.each([
    ['less than a day', { from: 3, to: 30, folded: [1] }, [['hours', 3, 30]]],
    ['one hour', { from: 5, to: 6, folded: [0] }, [['hours', 5, 6]]],
    ['whole days', { from: 24, to: 72, folded: [1, 2] }, [['days', 24, 72]]],
    [
      'days and what is around them',
      { from: 23, to: 73, folded: [0, 1, 2, 3] },
      [
        ['hours', 23, 24],
        ['days', 24, 72],
        ['hours', 72, 73],
      ],
    ],
    [
      'a day that was not folded',
      { from: 0, to: 96, folded: [0, 1, 3] },
      [
        ['days', 0, 48],
        ['hours', 48, 72],
        ['days', 72, 96],
      ],
    ],
    [
      'days that were not folded yet',
      { from: 0, to: 80, folded: [0] },
      [
        ['days', 0, 24],
        ['hours', 24, 80],
      ],
    ],
  ])('reads %s', (_, { from, to, folded }, spans) => {
    expect(spansOf({ from, to }, new Set(folded))).toEqual(
      spans.map(([of, start, end]) => ({ of, from: start, to: end })),
    );
  });

  it('reads every hour once, in order, and by days only what was folded', () => {
    fc.assert(
      fc.property(
        fc.nat(200),
        fc.integer({ min: 1, max: 300 }),
        fc.uniqueArray(fc.nat(20)),
        (from, length, days) => {
          const folded = new Set(days);
          const spans = spansOf({ from, to: from + length }, folded);
          const hours = spans.flatMap(span =>
            Array.from({ length: span.to - span.from }, (__, at) => span.from + at),
          );
          expect(hours).toEqual(Array.from({ length }, (__, at) => from + at));
          for (const span of spans.filter(({ of }) => of === 'days')) {
            expect([span.from % 24, span.to % 24]).toEqual([0, 0]);
            for (let day = span.from / 24; day < span.to / 24; day++) {
              expect(folded.has(day)).toBe(true);
            }
          }
        },
      ),
    );
  });
});
