import { limited } from '../../../../test/support/limited.js';
import { withGuess } from './quotas.js';

describe('withGuess', () => {
  const all = [1000, null, 800].map(tokensPerMinute => limited({ tokensPerMinute }));

  it.each([
    [100, 300, 400],
    [100, 5000, 800],
    [900, 300, 900],
  ])(
    'of %d tokens and a guess of %d takes %d: no guess alone refuses a call for good',
    (tokens, guess, taken) => {
      expect(withGuess(all, tokens, guess)).toBe(taken);
    },
  );

  it('has no bound where nothing is limited', () => {
    expect(withGuess([], 100, 5000)).toBe(5100);
  });
});
