import { ConfigError, isObject } from '@app/shared';
import { type Entry, readModelsFile } from '../operator-file.js';
import { type Price, type Rates, ratesOf, type Tiers, type TokenKind } from './price.js';
import { scaledDecimal } from './scaled-decimal.js';

/** Prices of the operator's own, which go before the list's. */
export interface Override {
  readonly price: Price | null;
  readonly contextTokens: number | null;
  /** Vendor the entry speaks of, where it says so. */
  readonly vendor: string | null;
}

const VARIABLE = 'AI_GATEWAY_PRICES_FILE';
/** USD per token (or character) to nano-USD per million of them. */
const TOKEN_PLACES = 15;
const NANO = 9;
const SECONDS_PER_HOUR = 3600;
/** The published file explains itself in an entry that is none. */
const SAMPLE = 'sample_spec';

/** Field names of LiteLLM's `model_prices_and_context_window.json`. */
const TOKEN_FIELDS: Readonly<Record<TokenKind, string>> = {
  input: 'input_cost_per_token',
  cacheRead: 'cache_read_input_token_cost',
  cacheReadAudio: 'cache_read_input_audio_token_cost',
  cacheWrite: 'cache_creation_input_token_cost',
  cacheWrite1h: 'cache_creation_input_token_cost_above_1hr',
  audioIn: 'input_cost_per_audio_token',
  imageIn: 'input_cost_per_image_token',
  output: 'output_cost_per_token',
  reasoning: 'output_cost_per_reasoning_token',
  audioOut: 'output_cost_per_audio_token',
  imageOut: 'output_cost_per_image_token',
};
const TIER = /_above_(\d+)k_tokens(_[a-z]+)?$/;
/** How fields end that speak of another service tier than the standard one. */
const SERVICES: Readonly<Record<string, string>> = {
  flex: '_flex',
  priority: '_priority',
  batch: '_batches',
};

/** Prices in LiteLLM's public format, by model name with or without a vendor prefix. */
export type PriceEntries = Readonly<Record<string, unknown>>;

/** An entry or a field of it that cannot be read. */
export class PriceEntryError extends Error {
  /** @param entry its name */
  constructor(
    readonly entry: string,
    problem: string,
  ) {
    super(`entry '${entry}'${problem}`);
    this.name = 'PriceEntryError';
  }
}

/**
 * Reads a price file, and makes sure that `toOverrides` can.
 *
 * @throws ConfigError naming the entry and field at fault
 */
export function readPricesFile(file: string): PriceEntries {
  const entries = readModelsFile(VARIABLE, file);
  try {
    toOverrides(entries);
  } catch (error) {
    throw error instanceof PriceEntryError ? new ConfigError(VARIABLE, error.message) : error;
  }
  return entries;
}

/** @throws PriceEntryError */
export function toOverrides(entries: PriceEntries): ReadonlyMap<string, Override> {
  const models = Object.entries(entries).filter(([name]) => name !== SAMPLE);
  return new Map(models.map(([name, entry]) => [name.toLowerCase(), readEntry(name, entry)]));
}

function readEntry(name: string, entry: unknown): Override {
  if (!isObject(entry)) {
    throw new PriceEntryError(name, ' must be an object with prices.');
  }
  const amount = amountReader(name, entry);
  const price = readPrice(name, entry, amount);
  const contextTokens = amount('max_input_tokens', 0);
  // The published entries name their mode, and some have only prices per image or page; one by hand that says
  // nothing we can read is a typing error.
  if (price === null && contextTokens === null && entry['mode'] === undefined) {
    throw new PriceEntryError(name, ' has no price. Give it input_cost_per_token or the like.');
  }
  const vendor = entry['litellm_provider'];
  return { price, contextTokens, vendor: typeof vendor === 'string' ? vendor : null };
}

type AmountReader = (field: string, places: number) => number | null;

/** @param fields of the entry, or of an object in it, whose own name they bear before theirs in errors */
function amountReader(name: string, fields: Entry, parent = ''): AmountReader {
  return (field, places) => {
    const value = fields[field];
    if (value === undefined || value === null) {
      return null;
    }
    try {
      return scaledDecimal(typeof value === 'number' ? value : Number.NaN, places);
    } catch (error) {
      const problem = error instanceof RangeError ? error.message : 'not a number';
      throw new PriceEntryError(name, `: ${parent}${field} is ${problem}. It must be a number in USD.`);
    }
  };
}

function readPrice(name: string, entry: Entry, amount: AmountReader): Price | null {
  const tiers = readTiers(entry, amount);
  const perSecond = amount('input_cost_per_second', NANO + 3);
  const perSearch = amount('input_cost_per_query', NANO);
  const perMillionCharacters = amount('input_cost_per_character', TOKEN_PLACES);
  const hasRates = Object.entries(tiers[0]).some(([kind, rate]) => kind !== 'above' && rate !== null);
  if (!hasRates && perSecond === null && perSearch === null && perMillionCharacters === null) {
    return null;
  }
  return {
    exact: true,
    tiers,
    services: readServices(entry, amount),
    audioHour: perSecond === null ? null : Math.round((perSecond * SECONDS_PER_HOUR) / 1000),
    minAudioMs: 0,
    perMillionCharacters,
    perRequest: amount('input_cost_per_request', NANO) ?? 0,
    perToolRequest: readSearchPrice(name, entry, amount),
    perSearch,
  };
}

function readServices(entry: Entry, amount: AmountReader): Price['services'] {
  const named = Object.entries(SERVICES).filter(([, suffix]) =>
    Object.values(TOKEN_FIELDS).some(field => amount(field + suffix, TOKEN_PLACES) !== null),
  );
  return named.length === 0
    ? null
    : new Map(named.map(([service, suffix]) => [service, readTiers(entry, amount, suffix)]));
}

/** By prompt length. @param suffix of a service tier, which for what it does not name costs as the standard one (as LiteLLM reckons) */
function readTiers(entry: Entry, amount: AmountReader, suffix = ''): Tiers {
  const starts = Object.keys(entry).flatMap(field => {
    const [, thousands, end = ''] = TIER.exec(field) ?? [];
    return thousands !== undefined && (end === '' || end === suffix) ? Number(thousands) : [];
  });
  const above = [...new Set(starts)].toSorted((a, b) => a - b);
  const rate = (field: string): number | null =>
    amount(field + suffix, TOKEN_PLACES) ?? amount(field, TOKEN_PLACES);
  return [
    tierRates(rate, -1, []),
    ...above.map((start, index) => tierRates(rate, start * 1000, above.slice(0, index + 1))),
  ];
}

/** Rates above some prompt length; a kind without a field of its own keeps the rate of the tier below. */
function tierRates(
  rate: (field: string) => number | null,
  above: number,
  thousands: readonly number[],
): Rates {
  return ratesOf(above, kind => {
    const field = TOKEN_FIELDS[kind];
    let found = rate(field);
    for (const start of thousands) {
      found = rate(`${field}_above_${start}k_tokens`) ?? found;
    }
    return found;
  });
}

function readSearchPrice(name: string, entry: Entry, amount: AmountReader): number | null {
  const field = 'search_context_cost_per_query';
  const bySize = entry[field];
  if (!isObject(bySize)) {
    return amount('web_search_cost_per_request', NANO);
  }
  return amountReader(name, bySize, `${field}.`)('search_context_size_medium', NANO);
}
