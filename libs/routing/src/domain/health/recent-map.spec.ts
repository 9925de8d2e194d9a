import { RecentMap } from './recent-map.js';

const add = (map: RecentMap<{ readonly n: number }>, ...numbers: number[]): void => {
  for (const n of numbers) {
    map.add(`${n}`, { n });
  }
};
const numbers = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, step) => from + step);

describe('RecentMap', () => {
  it('holds no more than its limit, and forgets what was not used for longest', () => {
    const map = new RecentMap<{ readonly n: number }>(100);
    for (const n of numbers(0, 1000)) {
      add(map, n);
      expect(map.get('0')).toEqual({ n: 0 });
      expect(map.size).toBeLessThanOrEqual(100);
    }

    expect(map.get('1')).toBeUndefined();
    expect(map.get('999')).toEqual({ n: 999 });
    expect(numbers(951, 1000).every(n => map.get(`${n}`))).toBe(true);
  });

  it('keeps what is busy', () => {
    const map = new RecentMap<{ readonly n: number }>(100, ({ n }) => n < 3);
    add(map, ...numbers(0, 1000));

    expect([0, 1, 2, 3].map(n => map.get(`${n}`)?.n)).toEqual([0, 1, 2, undefined]);
  });

  it('lists each value once, and deletes it wherever it is', () => {
    const map = new RecentMap<{ readonly n: number }>(4);
    add(map, 1, 2, 3);
    map.get('1');

    expect(Array.from(map.entries(), ([key]) => key).toSorted()).toEqual(['1', '2', '3']);
    map.delete('1');
    map.delete('2');
    expect(Array.from(map.entries())).toEqual([['3', { n: 3 }]]);
  });
});
