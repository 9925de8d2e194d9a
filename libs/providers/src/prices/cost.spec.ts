import type { Usage } from '@app/dialects';
import { Config } from '@app/shared';
import { fc } from '../../../../test/support/properties.js';
import { averageInputPrice, cost, isExact, promptCacheSaving } from './cost.js';
import { type Price, ratesOf } from './price.js';
import { PriceBook } from './price-book.js';

const book = new PriceBook(new Config());
const november = Date.parse('2026-11-24T12:00:00Z');

/** Nano-USD of a call, from the bundled list. */
function costOf(model: string, usage: Partial<Usage>, at = november): number | null {
  const [vendor = '', name = ''] = model.split('/');
  return cost(book.priceOf(vendor, name, at), { inputTokens: 0, outputTokens: 0, ...usage });
}

describe('the cost of a call', () => {
  it('prices cached tokens of OpenAI apart from the rest of the input', () => {
    // 800 × $2.50/M + 200 × $1.25/M + 100 × $10/M
    expect(costOf('openai/gpt-4o', { inputTokens: 1000, cacheReadTokens: 200, outputTokens: 100 })).toBe(
      2_000_000 + 250_000 + 1_000_000,
    );
  });

  it('counts reasoning as part of the output, once', () => {
    expect(costOf('openai/gpt-5', { inputTokens: 8, outputTokens: 1000, reasoningTokens: 900 })).toBe(
      8 * 1250 + 1000 * 10_000,
    );
  });

  it('prices cache writes of Anthropic by how long they live', () => {
    const usage = {
      inputTokens: 10_000,
      cacheReadTokens: 4000,
      cacheWriteTokens: 3000,
      cacheWrite1hTokens: 1000,
      outputTokens: 500,
    };
    // 3000 × $3 + 4000 × $0.30 + 2000 × $3.75 + 1000 × $6 + 500 × $15, per million
    expect(costOf('anthropic/claude-sonnet-4-5-20250929', usage)).toBe(
      9_000_000 + 1_200_000 + 7_500_000 + 6_000_000 + 7_500_000,
    );
  });

  it('says what the prompt cache saved, and what it cost where nothing was read', () => {
    const sonnet = book.priceOf('anthropic', 'claude-sonnet-4-5', november);
    const usage = { inputTokens: 10_000, outputTokens: 500, providerCostUsd: 1 };
    // 4000 × ($3 − $0.30) − 3000 × ($3.75 − $3), per million
    expect(promptCacheSaving(sonnet, { ...usage, cacheReadTokens: 4000, cacheWriteTokens: 3000 })).toBe(
      10_800_000 - 2_250_000,
    );
    expect(promptCacheSaving(sonnet, { ...usage, cacheWriteTokens: 3000 })).toBe(-2_250_000);
    expect(promptCacheSaving(sonnet, usage)).toBe(0);
    expect(promptCacheSaving(null, usage)).toBeNull();
  });

  it('says what a token of the prompt cost on average, and nothing of what else was paid', () => {
    const sonnet = book.priceOf('anthropic', 'claude-sonnet-4-5', november);
    const usage = { inputTokens: 10_000, outputTokens: 500, reasoningTokens: 100, serverToolRequests: 3 };
    expect(averageInputPrice(sonnet, usage)).toBe(3000);
    // 2000 × $3 + 8000 × $0.30, per million
    expect(averageInputPrice(sonnet, { ...usage, cacheReadTokens: 8000 })).toBe(
      (6_000_000 + 2_400_000) / 10_000,
    );
    expect(averageInputPrice(sonnet, { inputTokens: 0, outputTokens: 5 })).toBeNull();
    expect(averageInputPrice(null, usage)).toBeNull();
  });

  it('prices web searches besides the tokens', () => {
    expect(
      costOf('anthropic/claude-sonnet-5', { inputTokens: 1, outputTokens: 1, serverToolRequests: 3 }),
    ).toBe(2000 + 10_000 + 3 * 10_000_000);
  });

  it.each([
    ['openai/text-embedding-3-small', 20],
    ['google/gemini-embedding-001', 150],
    ['cohere/embed-v4.0', 120],
    ['voyage/voyage-3', 60],
  ])('prices the tokens of %s, which makes vectors', (model, price) => {
    expect(costOf(model, { inputTokens: 1000 })).toBe(1000 * price);
  });

  it('knows no price of searches by a reranker from the list', () => {
    expect(costOf('cohere/rerank-v3.5', { searchUnits: 1 })).toBeNull();
    expect(costOf('cohere/embed-v4.0', { searchUnits: 1 })).toBeNull();
  });

  it('prices speech by its characters, or by the tokens that were told', () => {
    expect(costOf('openai/tts-1', { characters: 1 })).toBe(15_000);
    expect(costOf('openai/tts-1-hd', { characters: 4096 })).toBe(4096 * 30_000);
    const told = { inputTokens: 10, outputTokens: 200, audioOutputTokens: 200 };
    expect(costOf('openai/gpt-4o-mini-tts', told)).toBe(10 * 600 + 200 * 12_000);
  });

  it('prices speech of which nobody told tokens by what its model is billed by', () => {
    const guessed = { inputTokens: 10, outputTokens: 200, audioOutputTokens: 200, characters: 40 };
    expect(costOf('openai/tts-1', guessed)).toBe(40 * 15_000);
    expect(costOf('openai/gpt-4o-mini-tts', guessed)).toBe(10 * 600 + 200 * 12_000);
  });

  it('knows no cost of characters where tokens are billed, nor the other way round', () => {
    expect(costOf('openai/gpt-4o-mini-tts', { characters: 10 })).toBeNull();
    expect(costOf('openai/tts-1', { inputTokens: 10, outputTokens: 200 })).toBeNull();
  });

  it('takes the dearer tier of Gemini only above its limit', () => {
    expect(costOf('google/gemini-2.5-pro', { inputTokens: 200_000, outputTokens: 10 })).toBe(
      200_000 * 1250 + 10 * 10_000,
    );
    expect(costOf('google/gemini-2.5-pro', { inputTokens: 200_001, outputTokens: 10 })).toBe(
      200_001 * 2500 + 10 * 15_000,
    );
  });

  it('prices audio and image tokens by their own rates', () => {
    expect(costOf('google/gemini-2.5-flash', { inputTokens: 1000, audioInputTokens: 600 })).toBe(
      400 * 300 + 600 * 1000,
    );
    expect(
      costOf('google/gemini-2.5-flash-image', {
        inputTokens: 10,
        outputTokens: 1300,
        imageOutputTokens: 1290,
      }),
    ).toBe(10 * 300 + 10 * 2500 + 1290 * 30_000);
    expect(
      costOf('openai/gpt-realtime', { inputTokens: 100, audioInputTokens: 80, cacheReadTokens: 50 }),
    ).toBe(20 * 400 + 30 * 400 + 50 * 32_000);
  });

  it('does not price audio that the list knows only the text rate of', () => {
    expect(costOf('openai/gpt-4o-audio-preview', { inputTokens: 10, audioInputTokens: 5 })).toBeNull();
    expect(costOf('openai/gpt-4o-audio-preview', { inputTokens: 10 })).toBe(25_000);
  });

  it('prices whisper by the second, and not at all by tokens', () => {
    expect(costOf('openai/whisper-1', { audioSeconds: 90.5 })).toBe(9_050_000); // $0.006 a minute
    expect(costOf('openai/whisper-1', { inputTokens: 500, outputTokens: 20 })).toBeNull();
    expect(costOf('openai/whisper-1', {})).toBeNull();
    expect(costOf('openai/gpt-4o-transcribe', { audioSeconds: 12 })).toBeNull();
    expect(
      costOf('openai/gpt-4o-transcribe', { inputTokens: 100, audioInputTokens: 90, outputTokens: 7 }),
    ).toBe(10 * 2500 + 90 * 6000 + 7 * 10_000);
  });

  it('bills the least time that Groq bills', () => {
    expect(costOf('groq/whisper-large-v3-turbo', { audioSeconds: 3 })).toBe(111_111); // 10 s of $0.04 an hour
    expect(costOf('groq/whisper-large-v3-turbo', { audioSeconds: 0 })).toBe(0);
  });

  it('takes the price in force at the time of the call', () => {
    const usage = { inputTokens: 10, outputTokens: 10 };
    expect(costOf('openai/o3', usage, Date.parse('2025-06-09T23:59:59Z'))).toBe(10 * 10_000 + 10 * 40_000);
    expect(costOf('openai/o3', usage, Date.parse('2025-06-10T00:00:00Z'))).toBe(10 * 2000 + 10 * 8000);
    expect(costOf('deepseek/deepseek-v4-flash', usage, Date.parse('2026-11-24T00:59:59Z'))).toBe(2200 + 6600);
    expect(costOf('deepseek/deepseek-v4-flash', usage, Date.parse('2026-11-24T01:00:00Z'))).toBe(
      4400 + 13_200,
    );
    expect(costOf('deepseek/deepseek-v4-flash', usage, Date.parse('2026-11-24T04:00:00Z'))).toBe(2200 + 6600);
  });

  it('rounds half up, once, at the end', () => {
    const july = Date.parse('2026-07-01T00:00:00Z'); // cache reads at $0.0028 per million: 2.8 nano-USD each
    expect(costOf('deepseek/deepseek-v4-flash', { inputTokens: 1, cacheReadTokens: 1 }, july)).toBe(3);
    expect(costOf('deepseek/deepseek-v4-flash', { inputTokens: 3, cacheReadTokens: 3 }, july)).toBe(8);
    expect(cost(flat(500_000), { inputTokens: 1, outputTokens: 0 })).toBe(1);
    expect(cost(flat(499_999), { inputTokens: 1, outputTokens: 0 })).toBe(0);
    expect(cost(flat(500_000), { inputTokens: 1, outputTokens: 2 })).toBe(2);
  });

  it('lets the charge that the vendor reports rule, down to the nano-USD', () => {
    const usage = { inputTokens: 100, outputTokens: 100, providerCostUsd: 0.0145 };
    expect(costOf('openrouter/some/unheard-of', usage)).toBe(14_500_000);
    expect(costOf('openai/gpt-4o', { ...usage, providerCostUsd: 0 })).toBe(0);
    expect(costOf('openai/gpt-4o', { ...usage, providerCostUsd: 1.5e-9 })).toBe(2);
    expect(costOf('openai/gpt-4o', { ...usage, providerCostUsd: Number.NaN })).toBe(1_250_000);
  });

  it('takes nonsense counts for none', () => {
    const usage = { inputTokens: Number.NaN, cacheReadTokens: -5, outputTokens: Number.POSITIVE_INFINITY };
    expect(costOf('openai/gpt-4o', usage)).toBe(0);
  });

  it('is not exact for tiers and tools outside the list', () => {
    const usage = { inputTokens: 1, outputTokens: 1 };
    const price = book.priceOf('openai', 'gpt-4o', november);
    expect(isExact(price, usage)).toBe(true);
    expect(isExact(price, { ...usage, serviceTier: 'default' })).toBe(true);
    expect(isExact(price, { ...usage, serviceTier: 'flex' })).toBe(false);
    expect(isExact(flat(1), { ...usage, serverToolRequests: 1 })).toBe(false);
    expect(isExact(null, usage)).toBe(false);
    expect(isExact(null, { ...usage, providerCostUsd: 1 })).toBe(true);
  });
});

describe('the arithmetic', () => {
  const counts = fc.integer({ min: 0, max: 2_000_000 });
  const usages = fc.record({ plain: counts, read: counts, write: counts, output: counts, reasoning: counts });
  const rates = fc.record({
    input: fc.integer({ min: 0, max: 1e11 }),
    cacheRead: fc.integer({ min: 0, max: 1e11 }),
    cacheWrite: fc.integer({ min: 0, max: 1e11 }),
    output: fc.integer({ min: 0, max: 1e12 }),
  });
  type Counts = typeof usages extends fc.Arbitrary<infer T> ? T : never;

  function usageOf({ plain, read, write, output, reasoning }: Counts): Usage {
    return {
      inputTokens: plain + read + write,
      cacheReadTokens: read,
      cacheWriteTokens: write,
      outputTokens: output + reasoning,
      reasoningTokens: reasoning,
    };
  }

  it('equals arithmetic in whole numbers of any size', () => {
    fc.assert(
      fc.property(usages, rates, (counts, named) => {
        const units =
          BigInt(counts.plain) * BigInt(named.input) +
          BigInt(counts.read) * BigInt(named.cacheRead) +
          BigInt(counts.write) * BigInt(named.cacheWrite) +
          BigInt(counts.output + counts.reasoning) * BigInt(named.output);
        expect(cost(priced(named), usageOf(counts))).toBe(Number((units + 500_000n) / 1_000_000n));
      }),
    );
  });

  it('is additive to the nano-USD, and never falls when tokens are added', () => {
    fc.assert(
      fc.property(usages, usages, rates, (a, b, named) => {
        const price = priced(named);
        const [x, y] = [cost(price, usageOf(a)) ?? -1, cost(price, usageOf(b)) ?? -1];
        const both = cost(price, usageOf(sum(a, b))) ?? -1;
        expect(Number.isSafeInteger(both)).toBe(true);
        expect(Math.abs(both - x - y)).toBeLessThanOrEqual(1);
        expect(both).toBeGreaterThanOrEqual(Math.max(x, y));
      }),
    );
  });

  it('does not drift where doubles would', () => {
    const usage = { inputTokens: 900_719_925_474, outputTokens: 1 };
    expect(cost(flat(1_100_003), usage)).toBe(
      Number((900_719_925_475n * 1_100_003n + 500_000n) / 1_000_000n),
    );
  });

  function sum(a: Counts, b: Counts): Counts {
    return {
      plain: a.plain + b.plain,
      read: a.read + b.read,
      write: a.write + b.write,
      output: a.output + b.output,
      reasoning: a.reasoning + b.reasoning,
    };
  }
});

/** One rate, in nano-USD per million tokens, for everything. */
function flat(rate: number): Price {
  return priced({ input: rate, output: rate });
}

function priced(rates: Partial<Record<string, number>>): Price {
  return {
    exact: true,
    tiers: [ratesOf(-1, kind => rates[kind] ?? null)],
    services: null,
    audioHour: null,
    minAudioMs: 0,
    perMillionCharacters: null,
    perRequest: 0,
    perToolRequest: null,
    perSearch: null,
  };
}
