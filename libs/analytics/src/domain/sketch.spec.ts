import fc from 'fast-check';
import { Sketch } from './sketch.js';

const TIMES = fc.array(fc.integer({ min: 1, max: 3_600_000 }), { minLength: 1, maxLength: 300 });
const SHARES = [0, 0.5, 0.95, 0.99, 1];

function sketchOf(values: readonly number[]): Sketch {
  const sketch = new Sketch();
  values.forEach(value => sketch.add(value));
  return sketch;
}

/** The value of that rank, where there is no choice. */
function exact(values: readonly number[], share: number): number {
  const rank = Math.max(1, Math.ceil(Number((share * values.length).toFixed(6))));
  return values.toSorted((one, other) => one - other)[rank - 1] ?? Number.NaN;
}

describe('Sketch', () => {
  it('tells percentiles to 2.5 %, whatever the distribution', () => {
    fc.assert(
      fc.property(TIMES, values => {
        for (const share of SHARES) {
          const told = sketchOf(values).quantile(share) ?? Number.NaN;
          const wanted = exact(values, share);

          expect(Math.abs(told - wanted)).toBeLessThanOrEqual(wanted * 0.025 + 1);
        }
      }),
    );
  });

  it('leaves out no slow call of a few', () => {
    const few = sketchOf([10, 10_000]);

    expect(few.quantile(0.5)).toBe(sketchOf([10]).quantile(1));
    expect([0.9, 0.99].map(share => few.quantile(share))).toEqual(
      Array.from({ length: 2 }, () => sketchOf([10_000]).quantile(1)),
    );
  });

  it('is the same put together as seen at once, in any order', () => {
    fc.assert(
      fc.property(TIMES, TIMES, (ones, others) => {
        const together = sketchOf(ones);
        together.merge(JSON.parse(JSON.stringify(sketchOf(others))) as ReturnType<Sketch['toJSON']>);

        expect(together.toJSON()).toEqual(sketchOf([...others, ...ones]).toJSON());
      }),
    );
  });

  it('is the same packed, whatever the counts', () => {
    const counts = fc.array(fc.tuple(fc.nat(700), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(counts, given => {
        const sketch = new Sketch();
        sketch.merge([...new Map(given)]);
        const packed = new Sketch();
        packed.mergePacked(sketch.pack());

        expect(packed.toJSON()).toEqual(sketch.toJSON());
      }),
    );
  });

  it('tells nothing of nothing', () => {
    expect(new Sketch().quantile(0.5)).toBeNull();
  });
});
