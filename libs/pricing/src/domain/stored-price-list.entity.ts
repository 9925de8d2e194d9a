import type { PriceEntries } from '@app/providers';
import { IsIn } from 'class-validator';

export const PRICE_SOURCES = ['api', 'file'] as const;
export type PriceSource = (typeof PRICE_SOURCES)[number];

/** Prices of the operator's, as they once came into force. It is kept for ever and never changed. */
export class StoredPriceList {
  /**
   * Counts the lists from 1.
   *
   * @example 3
   */
  readonly version!: number;

  /**
   * Where it came from: `api` was put here, `file` is what AI_GATEWAY_PRICES_FILE named.
   *
   * @example api
   */
  @IsIn(PRICE_SOURCES)
  readonly source!: PriceSource;

  /**
   * SHA-256 of its entries as JSON, in hex.
   *
   * @example 44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a
   */
  readonly digest!: string;

  /**
   * How many models it has prices for.
   *
   * @example 1
   */
  readonly models!: number;

  /**
   * Prices in LiteLLM's format, in USD, by model with or without its vendor.
   *
   * @example { "openai/gpt-5-mini": { "input_cost_per_token": 2.5e-7, "output_cost_per_token": 0.000002 } }
   */
  readonly prices!: PriceEntries;

  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-26T10:20:30.456Z
   */
  readonly createdAt!: string;

  /**
   * Id of the admin user who put it; `gateway` read it from the file.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly authorId!: string;

  /**
   * The user's name at that time.
   *
   * @example Ada
   */
  readonly authorName!: string;
}

/** Without its prices, which may be thousands. */
export type PriceListSummary = Omit<StoredPriceList, 'prices'>;
