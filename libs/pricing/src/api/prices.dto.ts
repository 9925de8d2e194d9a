import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsIn, IsObject, Length } from 'class-validator';
import { CATALOGUE_VERSION, type PriceEntries, type Rates } from '@app/providers';
import { FreeForm } from '@app/shared';
import type { PriceLists } from '../domain/price-lists.service.js';
import type { PriceQuote } from '../domain/price-quote.js';
import { type PriceSource, StoredPriceList } from '../domain/stored-price-list.entity.js';

const EXAMPLE = {
  'openai/gpt-5-mini': { input_cost_per_token: 2.5e-7, output_cost_per_token: 2e-6 },
};

export class ReplacePrices {
  /** Prices in the format of LiteLLM's `model_prices_and_context_window.json`, in USD. An empty object takes all away. */
  @ApiProperty({ allOf: [{ type: 'object', additionalProperties: true }], example: EXAMPLE })
  @FreeForm()
  @IsObject()
  readonly prices!: Record<string, unknown>;
}

export class Prices {
  /**
   * Number of the list; 0 while you have no prices of your own.
   *
   * @example 3
   */
  readonly version!: number;

  /**
   * What usage records keep: the release of the bundled list, and the number of yours.
   *
   * @example 0.1.8+3
   */
  readonly priceVersion!: string;

  /**
   * Release of the bundled price list (`genai-prices` of Pydantic).
   *
   * @example 0.1.8
   */
  readonly catalogue!: string;

  /**
   * Where yours come from: `api` were put here, `file` are those of AI_GATEWAY_PRICES_FILE, and cannot be put here.
   *
   * @example api
   */
  @IsIn(['api', 'file', 'none'])
  readonly source!: PriceSource | 'none';

  /**
   * How many models you have prices for.
   *
   * @example 1
   */
  readonly models!: number;

  /** By model, with or without its vendor. */
  @ApiProperty({ type: 'object', additionalProperties: true, example: EXAMPLE })
  readonly prices!: PriceEntries;

  /**
   * Since when they are known: ISO 8601, UTC.
   *
   * @example 2026-11-26T10:20:30.456Z
   */
  readonly createdAt!: string | null;

  /**
   * Id of the admin user who put them; `gateway` read them from the file.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly authorId!: string | null;

  /** @example Ada */
  readonly authorName!: string | null;
}

export class PriceListView extends OmitType(StoredPriceList, ['prices']) {}

export class PriceListVersions {
  /** Newest first. */
  readonly data!: PriceListView[];
  /**
   * Pass it as `after` to get the next page; null on the last one.
   *
   * @example 7
   */
  readonly next!: string | null;
}

export class QuoteQuery {
  /**
   * Vendor id.
   *
   * @example openai
   */
  @Length(1, 191)
  readonly provider!: string;

  /**
   * The vendor's own name of the model.
   *
   * @example gpt-4o
   */
  @Length(1, 191)
  readonly model!: string;
}

/** In nano-USD per million tokens; null where nobody knows it. */
export class RatesView {
  /**
   * Holds for prompts of more input tokens than this.
   *
   * @example 0
   */
  readonly aboveInputTokens!: number;
  /** @example 2500000000 */
  readonly input!: number | null;
  /** @example 1250000000 */
  readonly cacheRead!: number | null;
  /** @example 1250000000 */
  readonly cacheReadAudio!: number | null;
  /** @example 2500000000 */
  readonly cacheWrite!: number | null;
  /** @example 2500000000 */
  readonly cacheWrite1h!: number | null;
  /** @example 2500000000 */
  readonly audioIn!: number | null;
  /** @example 2500000000 */
  readonly imageIn!: number | null;
  /** @example 10000000000 */
  readonly output!: number | null;
  /** @example 10000000000 */
  readonly reasoning!: number | null;
  /** @example 10000000000 */
  readonly audioOut!: number | null;
  /** @example 10000000000 */
  readonly imageOut!: number | null;
}

export class ServiceTierView {
  /** @example flex */
  @IsIn(['flex', 'priority', 'batch'])
  readonly serviceTier!: string;

  /** By length of the prompt, ascending. */
  readonly rates!: RatesView[];
}

export class QuoteView {
  /** @example 0.1.8+3 */
  readonly priceVersion!: string;

  /**
   * `own` are your prices, `catalogue` is the bundled list.
   *
   * @example catalogue
   */
  @IsIn(['own', 'catalogue'])
  readonly source!: 'own' | 'catalogue';

  /**
   * False when the price is that of a model with a similar name, or of another vendor's list.
   *
   * @example true
   */
  readonly exact!: boolean;

  /** By length of the prompt, ascending. */
  readonly rates!: RatesView[];

  /** Those with rates of their own; any other costs as the standard one, and is not exact. */
  readonly serviceTiers!: ServiceTierView[];

  /**
   * Nano-USD per hour of audio, where the vendor bills by time.
   *
   * @example 360000000
   */
  readonly audioHour!: number | null;

  /**
   * Nano-USD per million characters of text to speak, where the vendor bills by them.
   *
   * @example 15000000000
   */
  readonly perMillionCharacters!: number | null;

  /**
   * Nano-USD per request, besides its tokens.
   *
   * @example 0
   */
  readonly perRequest!: number;

  /**
   * Nano-USD per request of a hosted tool.
   *
   * @example 10000000
   */
  readonly perToolRequest!: number | null;

  /**
   * Nano-USD per search of a reranker.
   *
   * @example 2000000
   */
  readonly perSearch!: number | null;

  /**
   * Context window, in tokens.
   *
   * @example 128000
   */
  readonly contextTokens!: number | null;
}

export function toPrices({ list, priceVersion }: ReturnType<PriceLists['current']>): Prices {
  return {
    version: list?.version ?? 0,
    priceVersion,
    catalogue: CATALOGUE_VERSION,
    source: list?.source ?? 'none',
    models: list?.models ?? 0,
    prices: list?.prices ?? {},
    createdAt: list?.createdAt ?? null,
    authorId: list?.authorId ?? null,
    authorName: list?.authorName ?? null,
  };
}

export function toQuote({ priceVersion, isOwn, price, contextTokens }: PriceQuote): QuoteView {
  const { exact, tiers, services, audioHour, ...others } = price;
  const { perMillionCharacters, perRequest, perToolRequest, perSearch } = others;
  return {
    priceVersion,
    source: isOwn ? 'own' : 'catalogue',
    exact,
    rates: tiers.map(toRates),
    serviceTiers: [...(services ?? [])].map(([serviceTier, own]) => ({
      serviceTier,
      rates: own.map(toRates),
    })),
    audioHour,
    perMillionCharacters,
    perRequest,
    perToolRequest,
    perSearch,
    contextTokens,
  };
}

function toRates({ above, ...rates }: Rates): RatesView {
  return { aboveInputTokens: Math.max(0, above), ...rates };
}
