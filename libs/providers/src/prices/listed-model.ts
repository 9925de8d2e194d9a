import {
  calcPrice,
  findProvider,
  type ConditionalPrice,
  type MatchLogic,
  type ModelPrice,
} from '@pydantic/genai-prices';
import { type Price, type Rates, ratesOf, type Tiers, type TokenKind } from './price.js';
import { scaledDecimal } from './scaled-decimal.js';

/** A model as the bundled price list knows it. */
export interface ListedModel {
  readonly contextTokens: number | null;
  /** The price in force at a moment (ms since 1970); vendors change theirs by date and, some, by time of day. */
  priceAt(at: number): Price | null;
}

const DAY_MS = 86_400_000;
/** Nano-USD, and nano-USD per unit where the list counts in thousands. */
const NANO = 9;
const NANO_PER_THOUSAND = 6;
/** Vendor ids of ours that the list spells otherwise. */
const LIST_NAMES: Readonly<Record<string, string>> = {
  xai: 'x-ai',
  'azure-openai': 'azure',
  bedrock: 'aws',
  vertex: 'google',
  voyage: 'voyageai',
};
/** What a vendor's list has, and its API does not serve: the partners of Vertex AI, and models with open weights. */
const SERVED_ELSEWHERE: Readonly<Record<string, RegExp>> = { google: /^claude-/, openai: /^gpt-oss-/ };
/** Groq bills at least ten seconds of audio: https://groq.com/pricing */
const MIN_AUDIO_MS: Readonly<Record<string, number>> = { groq: 10_000 };
/** Voices that are not in the list, in nano-USD per million characters: https://developers.openai.com/api/docs/pricing */
const VOICES: Readonly<Record<string, number>> = {
  'openai/tts-1': 15_000_000_000,
  'openai/tts-1-hd': 30_000_000_000,
};
/** Listed with their text rates alone, though their audio costs more than ten times as much. */
const AUDIO_NOT_LISTED = /^gpt-4o(-mini)?-audio-preview/;
/**
 * Offered in OpenAI's flex tier, at half of each rate: https://developers.openai.com/api/docs/pricing?latest-pricing=flex. One that is
 * not, after all, is refused there, and asked for in the standard tier.
 */
const OPENAI_FLEX =
  /^(?:o3|o4-mini|gpt-[5-9](?:\.\d+)?(?:-(?:mini|nano|luna|sol|terra))?)(?:-20\d\d-\d\d-\d\d)?$/;
/** Marks of one snapshot of a model: `-20250929`, `@20250929`, `-2025-08-07`, `-001`, `-latest`. */
const SNAPSHOT = /[-@](?:20\d{6}|20\d\d-\d\d-\d\d|\d{3}|latest)$/;

const PRICE_KEYS: Readonly<Record<TokenKind, string>> = {
  input: 'input_mtok',
  cacheRead: 'cache_read_mtok',
  cacheReadAudio: 'cache_audio_read_mtok',
  cacheWrite: 'cache_write_mtok',
  cacheWrite1h: 'cache_write_1h_mtok',
  audioIn: 'input_audio_mtok',
  imageIn: 'input_image_mtok',
  output: 'output_mtok',
  reasoning: 'output_reasoning_mtok',
  audioOut: 'output_audio_mtok',
  imageOut: 'output_image_mtok',
};

/** Looks a model up in the list of `@pydantic/genai-prices`. About 30 µs: cache the result. */
export function findListed(vendor: string, model: string): ListedModel | null {
  const voice = VOICES[`${vendor}/${model.toLowerCase()}`];
  if (voice !== undefined) {
    return { contextTokens: null, priceAt: () => voicePrice(voice) };
  }
  const listName = LIST_NAMES[vendor] ?? vendor;
  const provider = findProvider({ providerId: listName });
  // The list also matches vendor ids by parts of them: a vLLM called `my-openai` must not cost what OpenAI costs.
  if (provider?.id !== listName) {
    return null;
  }
  const listed = calcPrice({}, model, { providerId: listName })?.model;
  if (!listed || SERVED_ELSEWHERE[vendor]?.test(listed.id)) {
    return null;
  }
  const isOwn = provider.models.includes(listed); // some vendors fall back on another's list
  const exact = isOwn && isNamed(model, [listed.id, ...literals(listed.match)]);
  const convert = (prices: ModelPrice) => toPrice(prices, { exact, vendor, model: listed.id });
  const versions = Array.isArray(listed.prices) ? listed.prices : [{ prices: listed.prices }];
  return {
    contextTokens: listed.context_window ?? null,
    priceAt: versionPicker(
      versions.map(({ constraint, prices }) => ({ constraint, price: convert(prices) })),
    ),
  };
}

interface Version {
  readonly constraint?: ConditionalPrice['constraint'];
  readonly price: Price | null;
}

/** The last version whose condition holds counts; when none does, the first. */
function versionPicker(versions: readonly Version[]): ListedModel['priceAt'] {
  const [only] = versions;
  if (versions.length === 1 && only) {
    return () => only.price;
  }
  return at => (versions.findLast(({ constraint }) => holds(constraint, at)) ?? versions[0])?.price ?? null;
}

function holds(constraint: ConditionalPrice['constraint'], at: number): boolean {
  if (constraint === undefined) {
    return true;
  }
  if (constraint.type === 'start_date') {
    return at >= Date.parse(constraint.start_date);
  }
  const time = at % DAY_MS;
  const start = timeOfDay(constraint.start_time);
  const end = timeOfDay(constraint.end_time);
  return end < start ? time >= start || time < end : time >= start && time < end;
}

/** `01:00:00Z` in ms since midnight UTC. */
function timeOfDay(text: string): number {
  return (Date.parse(`1970-01-02T${text}`) + DAY_MS) % DAY_MS;
}

function isNamed(model: string, names: readonly string[]): boolean {
  const name = model.toLowerCase();
  return names.some(known => known === name || known === name.replace(SNAPSHOT, ''));
}

/** Names that a match rule spells out; patterns and parts of names are guesses. */
function literals(match: MatchLogic): string[] {
  if ('or' in match) {
    return match.or.flatMap(literals);
  }
  if ('and' in match) {
    return match.and.flatMap(literals);
  }
  const name = 'equals' in match ? match.equals : 'starts_with' in match ? match.starts_with : null;
  return name === null ? [] : [name.toLowerCase()];
}

interface Origin {
  readonly exact: boolean;
  readonly vendor: string;
  readonly model: string;
}

function toPrice(prices: ModelPrice, { exact, vendor, model }: Origin): Price | null {
  const audioHour = plain(prices['audio_hours'] ?? prices['input_audio_hours'], NANO);
  const starts = Object.values(prices).flatMap(p => (typeof p === 'object' ? p.tiers.map(t => t.start) : []));
  const [first, ...more] = [-1, ...new Set(starts.toSorted((a, b) => a - b))];
  const tier = (above = -1): Rates => tierRates(prices, above, AUDIO_NOT_LISTED.test(model));
  const tiers: Price['tiers'] = [tier(first), ...more.map(tier)];
  const isFree = Object.keys(prices).length === 0; // how the list writes it: moderation, `…:free`
  if (!isFree && tiers[0].input === null && tiers[0].output === null && audioHour === null) {
    return null; // billed by pages or messages, which no usage of ours counts
  }
  return {
    exact,
    tiers: isFree ? [ratesOf(-1, () => 0)] : tiers,
    services: flexRates(vendor, model, tiers),
    audioHour,
    minAudioMs: MIN_AUDIO_MS[vendor] ?? 0,
    perMillionCharacters: null, // such voices are not in the list
    perRequest: plain(prices['requests_kcount'], NANO_PER_THOUSAND) ?? 0,
    perToolRequest: plain(prices['web_searches_kcount'], NANO_PER_THOUSAND),
    perSearch: null, // the list knows no rerankers that bill so
  };
}

function voicePrice(perMillionCharacters: number): Price {
  return {
    exact: true,
    tiers: [ratesOf(-1, () => null)],
    services: null,
    audioHour: null,
    minAudioMs: 0,
    perMillionCharacters,
    perRequest: 0,
    perToolRequest: null,
    perSearch: null,
  };
}

/** The list knows the standard tier alone; what else is known by rule. */
function flexRates(vendor: string, model: string, tiers: Tiers): Price['services'] {
  const [first, ...more] = tiers;
  const isOffered = vendor === 'openai' && OPENAI_FLEX.test(model);
  return isOffered ? new Map([['flex', [halved(first), ...more.map(halved)]]]) : null;
}

function halved({ above, ...rates }: Rates): Rates {
  return ratesOf(above, kind => (rates[kind] === null ? null : rates[kind] / 2));
}

function tierRates(prices: ModelPrice, above: number, audioUnknown: boolean): Rates {
  const rates = ratesOf(above, kind => rateAt(prices[PRICE_KEYS[kind]], above));
  return audioUnknown ? { ...rates, audioIn: null, audioOut: null } : rates;
}

function rateAt(price: ModelPrice[string], above: number): number | null {
  if (price === undefined || typeof price === 'number') {
    return plain(price, NANO);
  }
  const tier = price.tiers.toSorted((a, b) => a.start - b.start).findLast(({ start }) => start <= above);
  return scaledDecimal(tier?.price ?? price.base, NANO);
}

function plain(price: ModelPrice[string], places: number): number | null {
  return typeof price === 'number' ? scaledDecimal(price, places) : null;
}
