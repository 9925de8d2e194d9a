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

/** What a model can do; null is not known: then the vendor is asked, and decides. */
export class ModelCapabilities {
  readonly image_input!: boolean | null;
  /** PDF and the like. */
  readonly document_input!: boolean | null;
  readonly audio_input!: boolean | null;
  /** @example ['text'] */
  readonly output_modalities!: string[] | null;
  readonly tools!: boolean | null;
  readonly parallel_tool_calls!: boolean | null;
  /** Answers that keep to a JSON schema. */
  readonly structured_output!: boolean | null;
  /** False: it refuses a choice of tools that leaves it no choice. */
  readonly forced_tools!: boolean | null;
  /** How it is told to reason: in words of effort, by a budget of tokens, by a level; `none`: it does not reason. */
  readonly reasoning!: 'none' | 'effort' | 'adaptive' | 'budget' | 'level' | null;
  /** How it is kept from reasoning: between tool calls only, or never. */
  readonly reasoning_off!: 'between_tools' | 'never' | null;
  /** False: it refuses `temperature`, `top_p` and `top_k`. */
  readonly sampling!: boolean | null;
  /** A system message in mid-conversation keeps its place. */
  readonly late_system!: boolean | null;
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
  /**
   * In tokens; null when not known.
   * @example 128000
   */
  readonly max_output_tokens!: number | null;
  readonly capabilities!: ModelCapabilities;
  /** Null when not known, which is not the same as free. */
  readonly pricing!: ModelPricing | null;
}
