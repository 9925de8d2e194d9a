import { putLast } from './put-last.js';

describe('putLast', () => {
  it('keeps so many, those that were put last', () => {
    const map = new Map<string, number>();
    ['a', 'b', 'a', 'c'].forEach((key, at) => putLast(map, key, at, 2));

    expect([...map]).toEqual([
      ['a', 2],
      ['c', 3],
    ]);
  });
});
