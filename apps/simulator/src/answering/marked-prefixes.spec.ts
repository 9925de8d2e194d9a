import { type Block, MarkedPrefixes } from './marked-prefixes.js';

const FIVE_MINUTES = 300_000;

/** Blocks of 1000 tokens, named by letters; capitals are marked. */
const blocks = (text: string): Block[] =>
  Array.from(text, letter => ({
    text: letter.toLowerCase(),
    tokens: 1000,
    keepMs: letter === letter.toLowerCase() ? undefined : FIVE_MINUTES,
  }));

describe('MarkedPrefixes', () => {
  let now = 0;
  let cache: MarkedPrefixes;
  const measure = (text: string, scope = 'one', least = 1024): [cached: number, written: number] => {
    const { cached, written } = cache.measure(scope, blocks(text), least);
    return [cached, written];
  };

  beforeEach(() => {
    now = 0;
    cache = new MarkedPrefixes(() => now, 0);
  });

  it('writes up to the last mark, and reads the longest beginning that it finds', () => {
    expect(measure('abcd')).toEqual([0, 0]);
    expect(measure('abC')).toEqual([0, 3000]);
    expect(measure('abcdE')).toEqual([3000, 2000]);
    expect(measure('abCx')).toEqual([3000, 0]);
    expect(measure('axC')).toEqual([0, 3000]);
  });

  it('keeps what a mark in between ends', () => {
    measure('aBcD');

    expect(measure('abX')).toEqual([2000, 1000]);
    expect(measure('aY')).toEqual([0, 2000]);
  });

  it('caches nothing that is too short', () => {
    expect(measure('A')).toEqual([0, 0]);
    expect(measure('A')).toEqual([0, 0]);
    expect(measure('abC', 'one', 4096)).toEqual([0, 0]);
  });

  it('looks no further than 20 blocks before a mark', () => {
    measure('aB');
    expect(measure(`ab${'c'.repeat(19)}D`)).toEqual([2000, 20_000]);
    measure('xY');
    expect(measure(`xy${'c'.repeat(20)}D`)).toEqual([0, 23_000]);
    expect(measure(`xY${'z'.repeat(30)}D`)).toEqual([2000, 31_000]);
  });

  it('forgets after five minutes without use', () => {
    measure('abC');
    now += FIVE_MINUTES - 1;
    expect(measure('abC')).toEqual([3000, 0]);
    now += FIVE_MINUTES - 1;
    expect(measure('abC')).toEqual([3000, 0]);
    now += FIVE_MINUTES;
    expect(measure('abC')).toEqual([0, 3000]);
  });

  it('shares nothing between accounts or models', () => {
    measure('abC');

    expect(measure('abC', 'other')).toEqual([0, 3000]);
  });

  it('has nothing to read before the answer that writes it begins', () => {
    cache = new MarkedPrefixes(() => now, 1000);
    measure('abC');
    expect(measure('abC')).toEqual([0, 3000]);
    now += 1000;
    expect(measure('abC')).toEqual([3000, 0]);
  });
});
