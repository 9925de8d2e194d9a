import { CallBook } from './call-book.js';

const MANY = 100_000;

describe('the calls that wait for results', () => {
  it('are answered by id, else the first of their name, else not at all', () => {
    const book = new CallBook(new Set());
    for (const id of ['a', 'b', 'a']) {
      book.call(id, 'f');
    }

    expect(book.answer('b', 'f')).toBe('b');
    expect(book.answer(undefined, 'f')).toBe('a');
    expect(book.answer('a', 'g')).toBe('a');
    expect(book.answer('x', 'f')).toBe('x');
  });

  it('can be very many, as hostile callers have it', () => {
    const book = new CallBook(new Set());
    for (let n = 0; n < MANY; n++) {
      book.call(`c${n}`, 'f');
    }
    const ids = Array.from({ length: MANY }, (_, n) => book.answer(`x${n}`, n % 2 ? 'f' : 'g'));

    expect(ids.slice(0, 4)).toEqual(['x0', 'c0', 'x2', 'c1']);
  });
});
