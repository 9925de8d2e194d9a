import { fitsGlob } from './glob.js';

describe('a pattern', () => {
  it.each([
    ['openai/*', 'openai/gpt-5', true],
    ['openai/*', 'openai/', true],
    ['openai/*', 'openai', false],
    ['openai/*', 'xopenai/gpt-5', false],
    ['*', '', true],
    ['*', 'anything/at all', true],
    ['gpt-5', 'gpt-5', true],
    ['gpt-5', 'gpt-5-mini', false],
    ['*-mini', 'gpt-5-mini', true],
    ['*-mini', 'gpt-5-mini-x', false],
    ['claude-*-5', 'claude-sonnet-5', true],
    ['claude-*-5', 'claude-5', false],
    ['a*b*c', 'a-b-b-c', true],
    ['a*b*c', 'a-c', false],
    ['a*b*b', 'ab', false],
    ['a**c', 'abc', true],
    ['.*', 'gpt', false],
    ['', '', true],
    ['', 'x', false],
  ])('%j and %j: %s', (pattern, text, fits) => {
    expect(fitsGlob(pattern, text)).toBe(fits);
  });

  it('of many stars is no trap', () => {
    expect(fitsGlob('*a'.repeat(90), `${'a'.repeat(100_000)}b`)).toBe(false);
  });
});
