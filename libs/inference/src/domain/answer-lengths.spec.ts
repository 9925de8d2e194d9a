import type { TokenHold } from '@app/shared';
import { AnswerLengths } from './answer-lengths.js';

const OF = 'project openai/gpt-5';

function answered(lengths: AnswerLengths, used: number | null, of = OF): number | null | undefined {
  let settled: number | null | undefined;
  const hold: TokenHold = { quota: null, settle: tokens => (settled = tokens) };
  lengths.learningFrom(hold, of, 100).settle(used);
  return settled;
}

describe('how long answers usually get', () => {
  it('is guessed before the first one, and learnt from each, in its project and of its model', () => {
    const lengths = new AnswerLengths();
    expect(lengths.usual(OF)).toBe(500);

    expect(answered(lengths, 1100)).toBe(1100);
    expect(lengths.usual(OF)).toBe(1000);
    answered(lengths, 2100);
    expect(lengths.usual(OF)).toBe(1200);
    expect(lengths.usual('other openai/gpt-5')).toBe(500);
  });

  it('learns nothing of calls that used nothing, or nobody knows what', () => {
    const lengths = new AnswerLengths();

    expect([answered(lengths, 0), answered(lengths, null)]).toEqual([0, null]);
    expect(lengths.usual(OF)).toBe(500);
    answered(lengths, 60); // a prompt that was estimated too long
    expect(lengths.usual(OF)).toBe(0);
  });

  it('forgets what was not used for longest', () => {
    const lengths = new AnswerLengths();
    answered(lengths, 1100, 'first');
    answered(lengths, 1100, 'second');
    answered(lengths, 1100, 'first');
    for (let other = 0; other < 9999; other++) {
      answered(lengths, 200, `other ${other}`);
    }

    expect([lengths.usual('first'), lengths.usual('second')]).toEqual([1000, 500]);
  });
});
