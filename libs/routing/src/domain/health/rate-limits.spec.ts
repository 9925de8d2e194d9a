import { readRateLimits, waitForAnother } from './rate-limits.js';

const NOW = Date.UTC(2026, 10, 24);
const read = (headers: Record<string, string>) => readRateLimits(name => headers[name], NOW);
const moment = (ms: number): string => new Date(NOW + ms).toISOString();
const resetOf = (reset: string): number | undefined =>
  read({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': reset })?.requests?.resetMs;

const limit = (what: string, remaining: number, ms: number) => ({
  [`anthropic-ratelimit-${what}-limit`]: '1000',
  [`anthropic-ratelimit-${what}-remaining`]: `${remaining}`,
  [`anthropic-ratelimit-${what}-reset`]: moment(ms),
});

describe('the rate limits in headers', () => {
  it.each([
    ['1s', 1000],
    ['6m0s', 360_000],
    ['120ms', 120],
    ['1m30.5s', 90_500],
    ['7.66s', 7660],
    ['2m59.56s', 179_560],
    ['1h', 600_000],
    ['1d2h', 600_000],
    ['0.5', 500],
    ['60', 60_000],
    [`${NOW / 1000 + 5}`, 5000],
    [`${NOW + 5000}`, 5000],
    [moment(5000), 5000],
    [moment(3_600_000), 600_000],
    ['2026-11-24T01:00:07+01:00', 7000],
  ])('say when a limit is reset: %s', (reset, ms) => {
    expect(resetOf(reset)).toBeCloseTo(ms);
  });

  it.each([
    '',
    ' ',
    'soon',
    '-1s',
    's',
    '1s1',
    'NaN',
    'Infinity',
    '0',
    '0s',
    moment(-5000),
    '1e3',
    '9'.repeat(99),
  ])('say nothing: %j', reset => {
    expect(resetOf(reset)).toBeUndefined();
  });

  it.each(['', '-1', 'many', '1e9', 'NaN', '0x10'])('do not say what remains: %j', remaining => {
    expect(
      read({ 'x-ratelimit-remaining-requests': remaining, 'x-ratelimit-reset-requests': '1s' }),
    ).toBeNull();
  });

  it('cost four families and a spelling to look for, when there are none', () => {
    const asked: string[] = [];
    expect(readRateLimits(name => void asked.push(name), NOW)).toBeNull();
    expect(asked).toHaveLength(5);
  });

  it("are read in OpenAI's and Groq's words", () => {
    expect(
      read({
        'x-ratelimit-limit-requests': '14400',
        'x-ratelimit-limit-tokens': '18000',
        'x-ratelimit-remaining-requests': '14370',
        'x-ratelimit-remaining-tokens': '17997',
        'x-ratelimit-reset-requests': '2m59.56s',
        'x-ratelimit-reset-tokens': '7.66s',
      }),
    ).toEqual({
      requests: { remaining: 14_370, resetMs: 179_560, refillsTo: 14_400 },
      tokens: { remaining: 17_997, resetMs: 7660, refillsTo: 18_000 },
      inputTokens: null,
      outputTokens: null,
    });
  });

  it("are read in Anthropic's words", () => {
    expect(
      read({
        ...limit('requests', 0, 1000),
        ...limit('tokens', 1, 2000),
        ...limit('input-tokens', 2, 3000),
        ...limit('output-tokens', 3, 4000),
      }),
    ).toEqual({
      requests: { remaining: 0, resetMs: 1000, refillsTo: 1000 },
      tokens: { remaining: 1, resetMs: 2000, refillsTo: 1000 },
      inputTokens: { remaining: 2, resetMs: 3000, refillsTo: 1000 },
      outputTokens: { remaining: 3, resetMs: 4000, refillsTo: 1000 },
    });
  });

  it('are read in the words of Cerebras, Together and OpenRouter, which say when all of it comes back', () => {
    expect(
      read({
        'x-ratelimit-limit-requests-day': '1440000',
        'x-ratelimit-remaining-requests-day': '0',
        'x-ratelimit-reset-requests-day': '33011.382867',
        'x-ratelimit-remaining-tokens-minute': '59998',
        'x-ratelimit-reset-tokens-minute': '11.38',
      }),
    ).toMatchObject({
      requests: { remaining: 0, resetMs: 600_000, refillsTo: null },
      tokens: { remaining: 59_998, resetMs: 11_380, refillsTo: null },
    });
    expect(
      read({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2', 'x-tokenlimit-remaining': '7' }),
    ).toMatchObject({ requests: { remaining: 0, resetMs: 2000 }, tokens: { remaining: 7, resetMs: 2000 } });
    expect(read({ 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW + 3000}` })).toMatchObject({
      requests: { remaining: 0, resetMs: 3000 },
    });
  });

  it('come back at once where the reset is a plain number', () => {
    expect(
      read({
        'x-ratelimit-limit-requests': '10',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '30',
      }),
    ).toMatchObject({ requests: { remaining: 0, resetMs: 30_000, refillsTo: null } });
  });

  it('are not there where nobody says until when', () => {
    expect(
      read({
        'x-ratelimit-limit-req-minute': '0',
        'x-ratelimit-remaining-req-minute': '0',
        'x-ratelimit-remaining-tokens-minute': '0',
      }),
    ).toBeNull();
    expect(
      read({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-remaining-tokens-prompt': '0' }),
    ).toBeNull();
  });
});

describe('the wait for another request', () => {
  const none = { requests: null, tokens: null, inputTokens: null, outputTokens: null };
  const size = { inputTokens: 600, outputTokens: 400 };

  it('is nothing while there is enough', () => {
    const plenty = { remaining: 1000, resetMs: 60_000, refillsTo: 30_000 };
    expect(
      waitForAnother(size, { requests: plenty, tokens: plenty, inputTokens: plenty, outputTokens: plenty }),
    ).toBe(0);
  });

  it('lasts until the reset where all comes back at once', () => {
    const tokens = { remaining: 999, resetMs: 7000, refillsTo: null };
    const requests = { remaining: 0, resetMs: 5000, refillsTo: null };

    expect(waitForAnother(size, { ...none, tokens, requests })).toBe(7000);
    expect(waitForAnother({ inputTokens: 1, outputTokens: 1 }, { ...none, tokens, requests })).toBe(5000);
  });

  it('lasts until enough has come back where it comes bit by bit', () => {
    const requests = { remaining: 0, resetMs: 60_000, refillsTo: 500 };
    const tokens = { remaining: 500, resetMs: 59_000, refillsTo: 30_000 };

    expect(waitForAnother(size, { ...none, requests })).toBe(120);
    expect(waitForAnother(size, { ...none, tokens })).toBe(1000);
  });

  it('counts what comes in and what goes out apart, where the vendor does', () => {
    const little = { remaining: 500, resetMs: 1000, refillsTo: null };

    expect(waitForAnother(size, { ...none, outputTokens: little })).toBe(0);
    expect(waitForAnother(size, { ...none, inputTokens: little })).toBe(1000);
  });

  it('does not begin for what can never be enough', () => {
    const tokens = { remaining: 500, resetMs: 1000, refillsTo: 900 };

    expect(waitForAnother(size, { ...none, tokens })).toBe(0);
  });
});
