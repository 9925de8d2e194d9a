import { PriceBook } from '@app/providers';
import { Config } from '@app/shared';
import type { MarkTrail } from './cache-marker.js';
import type { PromptTrail } from './prompt-passes.service.js';
import { savedByPasses, savingsOf } from './savings.js';

// $3 a million tokens, $0.30 when read from the cache, $3.75 when written to it
const price = new PriceBook(new Config()).priceOf('anthropic', 'claude-sonnet-4-5');
const usage = { inputTokens: 10_000, outputTokens: 500 };
const marks = { decision: { marked: [{}] } } as unknown as MarkTrail;
const trail: PromptTrail = { price, marks: null, cut: { json_whitespace: 100, duplicate_context: 1000 } };

describe('savingsOf', () => {
  it('reckons what was left out at the price of a token of the prompt', () => {
    expect(savingsOf(trail, usage)).toEqual({
      byPass: { json_whitespace: 300_000, duplicate_context: 3_000_000 },
      isEstimated: true,
    });
    expect(savedByPasses(trail, usage)).toBe(3_300_000);
  });

  it('reckons less where the vendor had most of the prompt in its cache, of which that would have been a part', () => {
    expect(savedByPasses(trail, { ...usage, cacheReadTokens: 10_000 })).toBe(330_000);
  });

  it('says apart what marks saved, which is no estimate, and adds up both', () => {
    const written = { ...usage, cacheWriteTokens: 10_000 };

    expect(savingsOf({ price, marks, cut: null }, written)).toEqual({
      byPass: { prompt_cache: -7_500_000 },
      isEstimated: false,
    });
    expect(savedByPasses({ ...trail, marks }, written)).toBe(-7_500_000 + Math.round(1100 * 3750));
  });

  it('knows what marks cost when a stream ended early, of which but the output is estimated', () => {
    const cut = { ...usage, cacheReadTokens: 0, cacheWriteTokens: 10_000, estimated: true };

    expect(savingsOf({ price, marks, cut: null }, cut)?.byPass).toEqual({ prompt_cache: -7_500_000 });
  });

  it('says nothing where nobody can tell', () => {
    expect(savingsOf(trail, null)).toBeNull();
    expect(savingsOf(trail, { ...usage, estimated: true })).toBeNull();
    expect(savingsOf({ ...trail, price: null }, usage)).toBeNull();
    expect(savingsOf({ ...trail, cut: null }, usage)).toBeNull();
    expect(savedByPasses(trail, null)).toBe(0);
  });
});
