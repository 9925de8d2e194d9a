import { type Usage, wholeCount } from '@app/dialects';
import { type Price, type Rates, type Tiers, TOKEN_KINDS, type TokenKind } from './price.js';
import { halfUp, scaledDecimal } from './scaled-decimal.js';

const MILLION = 1_000_000;
/** Least common denominator of nano-USD per million tokens and nano-USD per hour counted in ms. */
const COMMON = 18_000_000n;
const PER_MILLION = 18n;
const PER_HOUR_MS = 5n;
/** Names of the service tier that price lists speak of; flex, batch and priority cost less or more. */
const STANDARD = new Set(['default', 'standard', 'auto', 'on_demand']);

/**
 * What a call cost, in nano-USD, rounded half up once. What the vendor says it charged rules over the price. Tokens of
 * other models (`usage.extra`) are the caller's to add, since they have prices of their own.
 *
 * @returns null when the price of anything the call used is unknown
 */
export function cost(price: Price | null, usage: Usage): number | null {
  return isCharged(usage) ? scaledDecimal(usage.providerCostUsd, 9) : price && listedCost(price, usage);
}

/**
 * What the vendor's prompt cache saved by the list, in nano-USD: the same tokens uncached, less what they cost. Negative where
 * more was spent on writing than reading saved; null when a price is unknown.
 */
export function promptCacheSaving(price: Price | null, usage: Usage): number | null {
  const uncached = { ...usage, cacheReadTokens: 0, cacheWriteTokens: 0, cacheWrite1hTokens: 0 };
  const without = price && listedCost(price, uncached);
  const own = price && listedCost(price, usage);
  return without === null || own === null ? null : without - own;
}

/** What a token of the prompt cost on average by the list, in nano-USD, cached ones among them; null when a price is unknown. */
export function averageInputPrice(price: Price | null, usage: Usage): number | null {
  const {
    outputTokens: _1,
    reasoningTokens: _2,
    audioOutputTokens: _3,
    imageOutputTokens: _4,
    ...input
  } = usage;
  const { audioSeconds: _5, serverToolRequests: _6, searchUnits: _7, characters: _8, ...prompt } = input;
  const tokens = wholeCount(usage.inputTokens);
  const own =
    price && tokens > 0 ? listedCost({ ...price, perRequest: 0 }, { ...prompt, outputTokens: 0 }) : null;
  return own === null ? null : own / tokens;
}

/** Whether the vendor said what it charged, and so that it can be. */
export function isCharged(usage: Usage): usage is Usage & { readonly providerCostUsd: number } {
  const charged = usage.providerCostUsd;
  return charged !== undefined && charged >= 0 && charged < MILLION;
}

/** Whether a service tier, as a vendor calls it, is the one that price lists speak of; so is one that nobody named. */
export function isStandardTier(tier: string | undefined): boolean {
  return tier === undefined || STANDARD.has(tier) || STANDARD.has(tier.toLowerCase());
}

/** True when the cost comes from the model's own price and nothing in the call lies outside the list. */
export function isExact(price: Price | null, usage: Usage): boolean {
  if (isCharged(usage)) {
    return true;
  }
  const { serviceTier = '' } = usage;
  const listedTier = isStandardTier(usage.serviceTier) || price?.services?.has(serviceTier.toLowerCase());
  const toolsKnown = wholeCount(usage.serverToolRequests) === 0 || price?.perToolRequest !== null;
  return price !== null && price.exact && listedTier === true && toolsKnown;
}

/** Of speech that is billed by the characters: tokens beside these are guessed, for vendors that bill by them. */
const NO_TOKENS: Usage = { inputTokens: 0, outputTokens: 0 };

function listedCost(price: Price, usage: Usage): number | null {
  const byTime = price.audioHour !== null && usage.audioSeconds !== undefined;
  const bySearch = wholeCount(usage.searchUnits) > 0;
  if (bySearch && price.perSearch === null) {
    return null;
  }
  const rates = tierOf(tiersFor(price, usage.serviceTier), wholeCount(usage.inputTokens));
  const spoken = spokenCharge(price, usage);
  if (!byTime && !bySearch && spoken === null && !isPricedByTokens(rates, usage)) {
    return null;
  }
  const audio = byTime ? audioCharge(price, usage.audioSeconds) : null;
  const fixed =
    price.perRequest +
    (spoken ?? 0) +
    wholeCount(usage.serverToolRequests) * (price.perToolRequest ?? 0) +
    wholeCount(usage.searchUnits) * (price.perSearch ?? 0);
  return total(countKinds(spoken === null ? usage : NO_TOKENS), rates, fixed, audio);
}

/** Audio billed by the second, or by the characters, has no token price, nor tokens: without these the cost is unknown, not 0. */
function isPricedByTokens(rates: Rates, usage: Usage): boolean {
  const nothingButSound =
    ((usage.audioSeconds ?? 0) > 0 || wholeCount(usage.characters) > 0) &&
    wholeCount(usage.inputTokens) === 0 &&
    wholeCount(usage.outputTokens) === 0;
  return !nothingButSound && (rates.input !== null || rates.output !== null);
}

/** A service tier that nobody prices costs as the standard one, and is not exact. */
function tiersFor({ tiers, services }: Price, serviceTier: string | undefined): Tiers {
  return (serviceTier !== undefined && services?.get(serviceTier.toLowerCase())) || tiers;
}

function tierOf(tiers: Tiers, inputTokens: number): Rates {
  let rates = tiers[0];
  for (const tier of tiers) {
    if (inputTokens > tier.above) {
      rates = tier;
    }
  }
  return rates;
}

type Counts = Readonly<Record<TokenKind, number>>;

/** Splits input and output into disjoint kinds. Cached tokens count as text first, then as audio. */
function countKinds(usage: Usage): Counts {
  const cacheRead = wholeCount(usage.cacheReadTokens);
  const cacheWrite = wholeCount(usage.cacheWriteTokens);
  const cacheWrite1h = Math.min(wholeCount(usage.cacheWrite1hTokens), cacheWrite);
  const audioIn = wholeCount(usage.audioInputTokens);
  const imageIn = wholeCount(usage.imageInputTokens);
  const text = Math.max(0, wholeCount(usage.inputTokens) - cacheWrite - audioIn - imageIn);
  const cacheReadAudio = Math.min(Math.max(0, cacheRead - text), audioIn);
  const cacheReadText = cacheRead - cacheReadAudio;

  const audioOut = wholeCount(usage.audioOutputTokens);
  const imageOut = wholeCount(usage.imageOutputTokens);
  const reasoning = wholeCount(usage.reasoningTokens);
  return {
    input: Math.max(0, text - cacheReadText),
    cacheRead: cacheReadText,
    cacheReadAudio,
    cacheWrite: cacheWrite - cacheWrite1h,
    cacheWrite1h,
    audioIn: audioIn - cacheReadAudio,
    imageIn,
    output: Math.max(0, wholeCount(usage.outputTokens) - reasoning - audioOut - imageOut),
    reasoning,
    audioOut,
    imageOut,
  };
}

/** In nano-USD, rounded half up; nothing else of such a call costs a fraction. Null when it is not billed by characters. */
function spokenCharge({ perMillionCharacters }: Price, usage: Usage): number | null {
  const characters = wholeCount(usage.characters);
  return perMillionCharacters === null || characters === 0
    ? null
    : Math.round((characters * perMillionCharacters) / MILLION);
}

function audioCharge(price: Price, seconds: number | undefined): bigint {
  const ms = Math.round((seconds ?? 0) * 1000);
  const billed = ms > 0 ? Math.max(ms, price.minAudioMs) : 0;
  return BigInt(wholeCount(billed)) * BigInt(price.audioHour ?? 0);
}

/**
 * In doubles while every sum is exact, which is nearly always; beyond that in bigint.
 *
 * @param audio null when audio is not billed by time: then all tokens must have a price
 */
function total(counts: Counts, rates: Rates, fixed: number, audio: bigint | null): number | null {
  const sum = fixed * MILLION + perMillion(counts, rates, audio === null ? NaN : 0);
  if (Number.isNaN(sum)) {
    return null;
  }
  if (!audio && sum <= Number.MAX_SAFE_INTEGER) {
    const floor = Math.floor(sum / MILLION); // one too many where the quotient was rounded up to it, as the cost would be
    return floor + ((sum - floor * MILLION) * 2 >= MILLION ? 1 : 0);
  }
  let exact = BigInt(fixed) * BigInt(MILLION);
  for (const kind of TOKEN_KINDS) {
    exact += BigInt(counts[kind]) * BigInt(rates[kind] ?? 0);
  }
  return Number(halfUp(exact * PER_MILLION + (audio ?? 0n) * PER_HOUR_MS, COMMON));
}

/** One by one: this is asked for each target of each call, and a loop over the kinds takes thrice as long. */
function perMillion(counts: Counts, rates: Rates, unknown: number): number {
  return (
    charge(counts.input, rates.input, unknown) +
    charge(counts.cacheRead, rates.cacheRead, unknown) +
    charge(counts.cacheReadAudio, rates.cacheReadAudio, unknown) +
    charge(counts.cacheWrite, rates.cacheWrite, unknown) +
    charge(counts.cacheWrite1h, rates.cacheWrite1h, unknown) +
    charge(counts.audioIn, rates.audioIn, unknown) +
    charge(counts.imageIn, rates.imageIn, unknown) +
    charge(counts.output, rates.output, unknown) +
    charge(counts.reasoning, rates.reasoning, unknown) +
    charge(counts.audioOut, rates.audioOut, unknown) +
    charge(counts.imageOut, rates.imageOut, unknown)
  );
}

function charge(count: number, rate: number | null, unknown: number): number {
  return count === 0 ? 0 : count * (rate ?? unknown);
}
