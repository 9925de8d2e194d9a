import { fc } from '../../../../../test/support/properties.js';
import { QuantileSketch } from './quantile-sketch.js';

describe('QuantileSketch', () => {
  it('knows nothing at first', () => {
    expect(new QuantileSketch().quantile(0.5)).toBeNull();
  });

  it('tells every quantile within two percent', () => {
    const times = fc.array(fc.double({ min: 1, max: 600_000, noNaN: true }), {
      minLength: 1,
      maxLength: 255,
    });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (all, q) => {
        const sketch = new QuantileSketch();
        all.forEach(ms => sketch.add(ms));
        const exact = all.toSorted((a, b) => a - b)[Math.floor(q * (all.length - 1))] ?? 0;

        expect(Math.abs((sketch.quantile(q) ?? 0) - exact)).toBeLessThanOrEqual(0.02 * exact + 1e-6);
      }),
    );
  });

  it('takes what is out of its range for its ends', () => {
    const sketch = new QuantileSketch();
    [0, 0.2, 1e9].forEach(ms => sketch.add(ms));

    expect(sketch.quantile(0)).toBeCloseTo(1, 1);
    expect(sketch.quantile(1)).toBeGreaterThan(588_000);
  });

  it('forgets what was long ago', () => {
    const sketch = new QuantileSketch();
    for (let n = 0; n < 5000; n += 1) {
      sketch.add(10_000);
    }
    for (let n = 0; n < 256; n += 1) {
      sketch.add(100);
    }

    expect(sketch.quantile(0.5)).toBeCloseTo(100, -1);
  });
});
