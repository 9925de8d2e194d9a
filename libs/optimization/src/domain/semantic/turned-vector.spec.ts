import { cosine, unitVector, type Vector } from './question-index.js';
import { turnedVector } from './turned-vector.js';

const KEY = Buffer.alloc(32, 1);
const LENGTHS = [1, 2, 3, 26, 512, 768, 1536, 3072];

describe('a vector that is turned', () => {
  it.each(LENGTHS)('has the angles of its project to others, with %i numbers', length => {
    const all = [1, 2, 3, 4].map(seed => aVector(length, seed));
    const turned = all.map(vector => turnedVector(KEY, 'a', vector));

    all.forEach((one, at) =>
      all.forEach((other, atOther) => {
        const [a, b] = [turned[at], turned[atOther]] as [Vector, Vector];
        expect(cosine(a.numbers, b.numbers)).toBeCloseTo(cosine(one.numbers, other.numbers), 5);
      }),
    );
  });

  // 0.15 is six times what two random vectors of 1,536 numbers have between them.
  it.each<[string, (vector: Vector) => Vector]>([
    ['itself', vector => vector],
    ['that of another project', vector => turnedVector(KEY, 'b', vector)],
    ['that of another key', vector => turnedVector(Buffer.alloc(32, 2), 'a', vector)],
    ['that of another model', vector => turnedVector(KEY, 'a', { ...vector, model: 'v/other' })],
  ])('says nothing of %s', (_, other) => {
    const vectors = [aVector(1536, 1), { numbers: Float32Array.of(1, ...Array(1535).fill(0)), model: 'v/m' }];
    vectors.forEach(vector => {
      const { numbers } = turnedVector(KEY, 'a', vector);
      expect(Math.abs(cosine(numbers, other(vector).numbers))).toBeLessThan(0.15);
      expect(Math.max(...numbers.map(Math.abs))).toBeLessThan(0.15); // none stands out
    });
  });

  it('leaves the one that it is made of as it was', () => {
    const vector = aVector(26, 1);
    const before = vector.numbers.slice();
    turnedVector(KEY, 'a', vector);

    expect(vector.numbers).toEqual(before);
  });
});

function aVector(length: number, seed: number): Vector {
  const numbers = Array.from({ length }, (_, at) => Math.sin(seed * 12.9898 + at * 78.233));
  return { numbers: unitVector(numbers) as Float32Array, model: 'v/m' };
}
