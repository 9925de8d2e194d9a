import { isAbsent, type Wire } from './wire.js';

/**
 * What one call consumed, in tokens unless named otherwise. One shape for every dialect (PROTOCOLS 1.8):
 * `inputTokens` holds all prompt tokens, cached ones included; `outputTokens` holds reasoning.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` written for one hour, which is dearer. */
  readonly cacheWrite1hTokens?: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageInputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Tokens of tool results that the vendor fed to the model itself; part of `inputTokens`. */
  readonly toolUsePromptTokens?: number;
  readonly acceptedPredictionTokens?: number;
  readonly rejectedPredictionTokens?: number;
  /** Audio length where the vendor bills by time, in seconds. */
  readonly audioSeconds?: number;
  /** Of the text that was spoken, where the vendor may bill by them and told no tokens: those beside it are estimated. */
  readonly characters?: number;
  /** Searches that a reranker bills: a query with up to 100 documents is one (Cohere). */
  readonly searchUnits?: number;
  /** Requests of hosted tools, e.g. web searches. */
  readonly serverToolRequests?: number;
  /** What the vendor says it charged, in USD; rules over our own price. */
  readonly providerCostUsd?: number;
  /** Tier that served the call, as the answer says. */
  readonly serviceTier?: string;
  /** Tokens of other models the vendor used on the way, billed besides. */
  readonly extra?: readonly {
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
  /** True when the vendor did not say and the gateway guessed. */
  readonly estimated?: boolean;
}

/**
 * A count that decides what a call costs, as a vendor tells it: undefined when it tells none, NaN when no vendor can mean
 * what it tells (negative, not a number, beyond 2^53 - 1). NaN stays in sums, and `meantUsage` finds it there.
 */
export function readCount(value: unknown): number | undefined {
  if (isAbsent(value)) {
    return undefined;
  }
  return isCount(value) ? value : NaN;
}

/** The usage, unless one of its main counts cannot be meant: null then, as when nothing was told. */
export function meantUsage(usage: Usage | null): Usage | null {
  return usage && isMeant(usage) ? usage : null;
}

/** Whether its main counts can be meant. */
export function isMeant({ inputTokens, outputTokens, audioSeconds = 0, searchUnits = 0 }: Usage): boolean {
  return isCount(inputTokens) && isCount(outputTokens) && isCount(audioSeconds) && isCount(searchUnits);
}

/** What two answers used together. What is no number is that of the second one. */
export function addUsage(one: Usage, other: Usage): Usage {
  const sum: Record<string, unknown> = { ...one, ...other };
  for (const [name, count] of Object.entries(one)) {
    const more = other[name as keyof Usage];
    if (typeof count === 'number' && typeof more === 'number') {
      sum[name] = count + more;
    }
  }
  return sum as unknown as Usage;
}

/** Whether it is nothing but zeros: some servers send one behind the real one. */
export function isNothing({ inputTokens, outputTokens, audioSeconds, providerCostUsd }: Usage): boolean {
  return !inputTokens && !outputTokens && !audioSeconds && !providerCostUsd;
}

/** The same of what a vendor tells in parts. */
export function holdsZeros(counts: Wire): boolean {
  const values = Object.values(counts);
  return values.includes(0) && values.every(count => typeof count !== 'number' || count === 0);
}

/**
 * The whole number that is reckoned with and kept: what has a cost is what the record says. Vendors have sent fractions, which
 * go to the nearest, as no other rounding is right on average; what cannot be meant is 0.
 */
export function wholeCount(count: number | undefined): number {
  return isCount(count) ? Math.round(count) : 0;
}

/** Fractions are told, too. */
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
