/** What a model costs, in USD per token: decimal strings as OpenRouter writes them. Null where the price is not known. */
export class ModelPricing {
  /** @example '0.00000025' */
  readonly prompt!: string | null;
  /** @example '0.000002' */
  readonly completion!: string | null;
  /** @example '0.000000025' */
  readonly input_cache_read!: string | null;
  /** @example '0.00000025' */
  readonly input_cache_write!: string | null;
}

/** A model in OpenAI's shape, and what the gateway knows of it besides. */
export class OfferedModel {
  /**
   * The name to ask for it by: vendor, slash, the vendor's own name.
   * @example 'openai/gpt-5-mini'
   */
  readonly id!: string;
  /** @example 'model' */
  readonly object!: 'model';
  /**
   * Unix seconds; 0 when the vendor does not say.
   * @example 1754425928
   */
  readonly created!: number;
  /** @example 'system' */
  readonly owned_by!: string;
  /**
   * In tokens; null when not known.
   * @example 400000
   */
  readonly context_length!: number | null;
  /** Null when not known, which is not the same as free. */
  readonly pricing!: ModelPricing | null;
}
