/** What a vendor lets a key use of one thing: requests, or tokens of some kind. */
export interface Allowance {
  /** What is left now. */
  readonly remaining: number;
  /** In how many ms the whole of it is there again; ten minutes at most. */
  readonly resetMs: number;
  /** The whole, where it comes back bit by bit; null where it comes back at once, or where nobody knows. */
  readonly refillsTo: number | null;
}

/** What a vendor's headers said about limits of a key, usually for one model. */
export interface RateLimits {
  readonly requests: Allowance | null;
  readonly tokens: Allowance | null;
  readonly inputTokens: Allowance | null;
  readonly outputTokens: Allowance | null;
}

type Header = (name: string) => string | undefined;

/** A vendor that says more than that is believed when it really refuses, with `retry-after`. */
const LONGEST_RESET_MS = 600_000;

/** The names of one vendor's headers: what remains, when it is reset, and the whole where that may come back bit by bit. */
interface Names {
  readonly remaining: string;
  readonly reset: string;
  readonly limit: string | null;
}

type Family = { readonly requests: Names } & { readonly [What in keyof RateLimits]?: Names };

/**
 * OpenAI, Groq and xAI; `reset` is a duration, the "time until the rate limit resets to its initial state":
 * one of 5,000 requests a minute used is `12ms`. https://platform.openai.com/docs/guides/rate-limits,
 * https://console.groq.com/docs/rate-limits
 */
const openAi: Family = {
  requests: openAiNames('requests'),
  tokens: openAiNames('tokens'),
};

/**
 * `reset` is the moment when the limit "will be fully replenished"; the bucket fills continuously.
 * https://docs.anthropic.com/en/api/rate-limits
 */
const anthropic: Family = {
  requests: anthropicNames('requests'),
  tokens: anthropicNames('tokens'),
  inputTokens: anthropicNames('input-tokens'),
  outputTokens: anthropicNames('output-tokens'),
};

/** Seconds until the day or the minute is over. https://inference-docs.cerebras.ai/support/rate-limits */
const cerebras: Family = {
  requests: {
    remaining: 'x-ratelimit-remaining-requests-day',
    reset: 'x-ratelimit-reset-requests-day',
    limit: null,
  },
  tokens: {
    remaining: 'x-ratelimit-remaining-tokens-minute',
    reset: 'x-ratelimit-reset-tokens-minute',
    limit: null,
  },
};

/** Together (seconds) and OpenRouter (Unix ms). https://docs.together.ai/docs/rate-limits */
const plain: Family = {
  requests: { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', limit: null },
  tokens: { remaining: 'x-tokenlimit-remaining', reset: 'x-ratelimit-reset', limit: null },
};

/**
 * Reads what a vendor says about its limits. Who says nothing costs a look-up per family of headers. Mistral and Fireworks
 * say what remains but not until when, so there is nothing to obey; `retry-after` is not read here: it also comes with
 * answers, and means something only with a refusal, whose `UpstreamError` has it.
 *
 * @param header by its name in lower case
 * @param now Unix ms
 * @returns null when nothing was said that can be obeyed
 */
export function readRateLimits(header: Header, now: number): RateLimits | null {
  const family = familyOf(header);
  if (!family) {
    return null;
  }
  const read = (names?: Names): Allowance | null => (names ? readAllowance(names, header, now) : null);
  const limits = {
    requests: read(family.requests),
    tokens: read(family.tokens),
    inputTokens: read(family.inputTokens),
    outputTokens: read(family.outputTokens),
  };
  return limits.requests || limits.tokens || limits.inputTokens || limits.outputTokens ? limits : null;
}

/** What one request takes; of tokens, estimates. */
export interface RequestSize {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** In how many ms another request of this size is allowed; 0: now. */
export function waitForAnother({ inputTokens, outputTokens }: RequestSize, limits: RateLimits): number {
  return Math.max(
    waitFor(1, limits.requests),
    waitFor(inputTokens + outputTokens, limits.tokens),
    waitFor(inputTokens, limits.inputTokens),
    waitFor(outputTokens, limits.outputTokens),
  );
}

/**
 * In how many ms there will be enough; 0 when there is now. What can never be enough is the vendor's to refuse.
 *
 * A bucket that fills continuously is asked for what is missing, not for all: with 500 requests a minute, the next one is
 * there after 120 ms, though the whole is back after a minute.
 */
function waitFor(needed: number, allowance: Allowance | null): number {
  if (!allowance) {
    return 0;
  }
  const { remaining, resetMs, refillsTo } = allowance;
  const missing = needed - remaining;
  if (missing <= 0 || (refillsTo !== null && needed > refillsTo)) {
    return 0;
  }
  return refillsTo === null ? resetMs : (resetMs * missing) / (refillsTo - remaining);
}

function familyOf(header: Header): Family | null {
  if (header(openAi.requests.remaining) ?? header('x-ratelimit-remaining-tokens')) {
    return openAi;
  }
  if (header(anthropic.requests.remaining)) {
    return anthropic;
  }
  if (header(cerebras.requests.remaining)) {
    return cerebras;
  }
  return header(plain.requests.remaining) ? plain : null;
}

function readAllowance(names: Names, header: Header, now: number): Allowance | null {
  const remaining = amountIn(header(names.remaining));
  const reset = header(names.reset);
  const resetMs = remaining === null ? null : readReset(reset, now);
  if (remaining === null || resetMs === null || resetMs <= 0) {
    return null;
  }
  // Who borrows OpenAI's names and tells plain seconds counts in fixed windows.
  const limit = names.limit === null || amountIn(reset) !== null ? null : amountIn(header(names.limit));
  return {
    remaining,
    resetMs: Math.min(resetMs, LONGEST_RESET_MS),
    refillsTo: limit !== null && limit > remaining ? limit : null,
  };
}

function amountIn(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null;
}

const DURATION =
  /^(?:(\d+(?:\.\d+)?)d)?(?:(\d+(?:\.\d+)?)h)?(?:(\d+(?:\.\d+)?)m)?(?:(\d+(?:\.\d+)?)s)?(?:(\d+(?:\.\d+)?)ms)?$/;
const UNITS_MS = [86_400_000, 3_600_000, 60_000, 1000, 1];
/** Plain numbers that are too large for a duration are moments: Unix seconds, and Unix ms. */
const UNIX_SECONDS = 1e9;
const UNIX_MS = 1e12;

/** In how many ms: a duration (`6m0s`, `120ms`), seconds, a Unix time or a moment (RFC 3339). Null: nonsense. */
function readReset(text: string | undefined, now: number): number | null {
  if (text === undefined || text === '') {
    return null;
  }
  const plainNumber = amountIn(text);
  if (plainNumber !== null) {
    return plainNumber < UNIX_SECONDS
      ? plainNumber * 1000
      : (plainNumber < UNIX_MS ? plainNumber * 1000 : plainNumber) - now;
  }
  const parts = DURATION.exec(text);
  if (parts) {
    return UNITS_MS.reduce((ms, unit, part) => ms + Number(parts[part + 1] ?? 0) * unit, 0);
  }
  const moment = /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(moment) ? null : moment - now;
}

function openAiNames(what: string): Names {
  return {
    remaining: `x-ratelimit-remaining-${what}`,
    reset: `x-ratelimit-reset-${what}`,
    limit: `x-ratelimit-limit-${what}`,
  };
}

function anthropicNames(what: string): Names {
  return {
    remaining: `anthropic-ratelimit-${what}-remaining`,
    reset: `anthropic-ratelimit-${what}-reset`,
    limit: `anthropic-ratelimit-${what}-limit`,
  };
}
