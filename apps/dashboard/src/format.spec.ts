import { brief, duration, exactUsd, roughly, share, usd } from './format.js';

describe('what is shown', () => {
  it.each([
    [null, '–'],
    [0, '$0.00'],
    [126_000, '$0.000126'],
    [-126_000, '-$0.000126'],
    [12_345_678, '$0.0123'],
    [1_234_567_890_000, '$1,234.57'],
    ['12345678901234567890', '$12,345,678,901.23'],
    ['-5', '-$0.000000005'],
  ])('of %s nano-USD is %s', (nanoUsd, text) => {
    expect(usd(nanoUsd)).toBe(text);
  });

  it.each([
    [0, '$0.00'],
    ['-12345678901234567890', '-$12,345,678,901.23456789'],
    [1, '$0.000000001'],
  ])('exactly of %s nano-USD is %s', (nanoUsd, text) => {
    expect(exactUsd(nanoUsd)).toBe(text);
  });

  it.each([
    [null, '–'],
    [0, '0 ms'],
    [840.4, '840 ms'],
    [9_999, '9,999 ms'],
    [10_000, '10.0 s'],
    [75_400, '75.4 s'],
  ])('of %s ms is %s', (ms, text) => {
    expect(duration(ms)).toBe(text);
  });

  it('is of microseconds to a hundredth of a millisecond', () => {
    expect([brief(0), brief(42), brief(11_784)]).toEqual(['0.00 ms', '0.04 ms', '11.78 ms']);
  });

  it('is no share of nothing', () => {
    expect([share(null), share(0), share(0.0123), share(1)]).toEqual(['–', '0%', '1.2%', '100%']);
  });

  it('is short of large numbers', () => {
    expect([roughly(999), roughly(12_345)]).toEqual(['999', '12.3K']);
  });
});
