import type { Usage } from '@app/dialects';
import { noFacts, type StreamFacts, usageSoFar } from './stream-facts.js';

const TOLD: Usage = { inputTokens: 20, outputTokens: 9 };

function facts(known: Partial<StreamFacts>): StreamFacts {
  return { ...noFacts(), usage: TOLD, ...known };
}

describe('the usage of a stream', () => {
  it('is what the vendor told when it had ended', () => {
    const finish = { reason: 'stop', native: 'stop' } as const;

    expect(usageSoFar(facts({ finish, outputTokens: 12 }))).toBe(TOLD);
  });

  it.each([
    ['with what came since', 12, 4, 17],
    ['also when all that came was counted', 9, 9, 9],
  ])('that did not end is an estimate, %s', (_, outputTokens, outputTokensAtUsage, estimate) => {
    expect(usageSoFar(facts({ outputTokens, outputTokensAtUsage }))).toEqual({
      ...TOLD,
      outputTokens: estimate,
      estimated: true,
    });
  });

  it('is not known before the vendor tells any', () => {
    expect(usageSoFar(facts({ usage: null, outputTokens: 12 }))).toBeNull();
  });
});
