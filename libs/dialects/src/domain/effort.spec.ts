import { effortOfBudget, effortWords } from './effort.js';

describe('an effort', () => {
  it.each([
    ['none', { geminiLevel: 'MINIMAL', geminiBudget: 0, claudeBudget: 0 }],
    ['minimal', { claude: 'low', geminiLevel: 'MINIMAL' }],
    ['medium', { claude: 'medium', geminiLevel: 'MEDIUM', claudeBudget: 8192, geminiBudget: 8192 }],
    ['max', { claude: 'max', geminiLevel: 'HIGH' }],
  ])('%s is said in every way', (effort, words) => {
    expect(effortWords(effort)).toMatchObject(words);
  });

  it.each(['ultra', 'constructor', ''])('%j is none that is known', effort => {
    expect(effortWords(effort)).toBeUndefined();
  });

  it.each([
    [-1, undefined],
    [0, 'none'],
    [1, 'low'],
    [4095, 'low'],
    [4096, 'medium'],
    [16_383, 'medium'],
    [16_384, 'high'],
    [200_000, 'high'],
  ])('of a budget of %i tokens is %s', (budget, effort) => {
    expect(effortOfBudget(budget)).toBe(effort);
  });
});
