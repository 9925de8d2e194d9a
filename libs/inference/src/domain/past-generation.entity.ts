/** What a vendor that was given up on may bill. */
export class AbandonedAttempt {
  /** @example openai/gpt-5-mini */
  readonly model!: string;
  /**
   * Estimated.
   *
   * @example 120
   */
  readonly tokens_prompt!: number;
  /**
   * Estimated, of what had come.
   *
   * @example 20
   */
  readonly tokens_completion!: number;
  /**
   * In USD; null when the price is not known.
   *
   * @example 0.000042
   */
  readonly cost!: number | null;
}

/** A call that is over, in OpenRouter's words (https://openrouter.ai/docs/api-reference/get-a-generation), and more. */
export class PastGeneration {
  /**
   * The answer's `x-request-id`.
   *
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly id!: string;
  /**
   * The vendor's id of the answer.
   *
   * @example chatcmpl-9a2e
   */
  readonly upstream_id!: string | null;
  /**
   * The one that answered; as it was asked for when none did.
   *
   * @example openai/gpt-5-mini
   */
  readonly model!: string | null;
  /**
   * Vendor id; null when no vendor was asked.
   *
   * @example openai
   */
  readonly provider_name!: string | null;
  /**
   * ISO 8601, UTC.
   *
   * @example 2026-11-25T10:20:30.456Z
   */
  readonly created_at!: string;
  /** @example true */
  readonly streamed!: boolean;
  /**
   * The caller left before the answer was complete.
   *
   * @example false
   */
  readonly cancelled!: boolean;
  /**
   * HTTP status that was sent, or meant when the caller had left.
   *
   * @example 200
   */
  readonly status!: number;
  /** @example rate_limit_exceeded */
  readonly error_code!: string | null;
  /** @example stop */
  readonly finish_reason!: string | null;
  /**
   * In USD, attempts that were given up included; null when a part of it is not known.
   *
   * @example 0.000126
   */
  readonly total_cost!: number | null;
  /**
   * The same as `total_cost`.
   *
   * @example 0.000126
   */
  readonly usage!: number | null;
  /**
   * As the vendor counts, cached ones included.
   *
   * @example 120
   */
  readonly tokens_prompt!: number;
  /**
   * As the vendor counts, reasoning included.
   *
   * @example 48
   */
  readonly tokens_completion!: number;
  /** @example 120 */
  readonly native_tokens_prompt!: number;
  /** @example 48 */
  readonly native_tokens_completion!: number;
  /** @example 16 */
  readonly native_tokens_reasoning!: number;
  /** @example 100 */
  readonly native_tokens_cached!: number;
  /**
   * True when the vendor told no usage and the gateway guessed it.
   *
   * @example false
   */
  readonly tokens_estimated!: boolean;
  /**
   * From the arrival of the call to its end, in ms.
   *
   * @example 840
   */
  readonly latency!: number;
  /**
   * From the vendor's first byte to the end, in ms; of an answer that came whole all of the latency.
   *
   * @example 530
   */
  readonly generation_time!: number;
  /**
   * Requests sent to vendors.
   *
   * @example 1
   */
  readonly attempts!: number;
  /** What was spent at vendors that were given up on: a hedge that was slower, an answer that broke off and went on elsewhere. */
  readonly abandoned_attempts!: AbandonedAttempt[];
  /**
   * How the vendor was chosen: what was known of the candidates, the plan that was made of it, and what came of each
   * attempt. Null when there was nothing to choose; `truncated` when it was too long to keep.
   *
   * @example { "plan": { "order": [1, 0], "scores": [2, 1], "excluded": [null, null] } }
   */
  readonly decision!: Record<string, unknown> | null;
}
