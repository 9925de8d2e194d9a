/** What the gateway tells of prices. The words are those of its OpenAPI document. */

export interface Prices {
  readonly version: number;
  readonly priceVersion: string;
  readonly source: 'api' | 'file' | 'none';
  readonly models: number;
  readonly prices: Readonly<Record<string, unknown>>;
  readonly createdAt: string | null;
}

export interface PriceList {
  readonly version: number;
  readonly models: number;
  readonly createdAt: string;
  readonly authorName: string;
}

/** Nano-USD per million tokens; null where nobody knows it. */
export interface Rates {
  readonly aboveInputTokens: number;
  readonly input: number | null;
  readonly cacheRead: number | null;
  readonly cacheWrite: number | null;
  readonly output: number | null;
}

export interface Quote {
  readonly source: 'own' | 'catalogue';
  readonly exact: boolean;
  readonly rates: readonly Rates[];
}
