/** What of a request decides where it goes. */
export class ExplainedRequest {
  /**
   * Tokens of the input, as told or estimated.
   * @example 1200
   */
  readonly inputTokens!: number;
  /**
   * The most that the caller allows.
   * @example 256
   */
  readonly maxOutputTokens!: number | null;
  /** @example false */
  readonly stream!: boolean;
  /**
   * What the model must have.
   * @example ["tools"]
   */
  readonly needs!: string[];
}

/** One of the targets, and what is known of it now. */
export class ExplainedTarget {
  /** @example openai/gpt-5-mini */
  readonly target!: string;
  /**
   * Its place among those that would be asked, from 0; null when it would not be.
   * @example 0
   */
  readonly place!: number | null;
  /**
   * Less is better; null when nothing is known to rank it by.
   * @example 425000
   */
  readonly score!: number | null;
  /**
   * Why it would not be asked.
   * @example null
   */
  readonly excluded!: string | null;
  /**
   * What the call would be expected to cost there, in nano-USD; null when its price is not known.
   * @example 425000
   */
  readonly costNanoUsd!: number | null;
  /**
   * Expected time to the first token, in ms; null when it was not measured lately.
   * @example 412.5
   */
  readonly ttftMs!: number | null;
  /** @example 80.2 */
  readonly tokensPerSecond!: number | null;
  /**
   * Calls under way from this gateway.
   * @example 2
   */
  readonly open!: number;
  /**
   * Why it takes no calls for now: `circuit-open` or `keys-cooling`.
   * @example null
   */
  readonly down!: string | null;
  /**
   * How many vendor keys the call could use.
   * @example 1
   */
  readonly keys!: number;
}

/** How the call would be tried. Times in ms; null: as long as the gateway allows. */
export class ExplainedOptions {
  /** @example 3 */
  readonly maxAttempts!: number;
  /** @example 60000 */
  readonly totalMs!: number | null;
  /** @example null */
  readonly attemptMs!: number | null;
  /** @example 5000 */
  readonly firstTokenMs!: number | null;
  /** @example null */
  readonly idleMs!: number | null;
  /** @example false */
  readonly hedge!: boolean;
  /** @example false */
  readonly midStreamFailover!: boolean;
  /**
   * Where it would go when the input is too long for the model.
   * @example ["openai/gpt-4.1"]
   */
  readonly contextWindow!: string[];
  /**
   * Where it would go when a content policy refuses the input.
   * @example []
   */
  readonly contentPolicy!: string[];
}

/** What the caller would be told instead of an answer. */
export class ExplainedRefusal {
  /** @example 400 */
  readonly status!: number;
  /** @example no_fitting_target */
  readonly code!: string;
  /** @example "No target of 'fast' fits this request. openai/gpt-5-mini: no key for this vendor." */
  readonly message!: string;
}

/** Where a call would go now, and why. */
export class RoutingExplanation {
  /**
   * The policy that the name stands for, with its version (0 of a draft); null for a plain model.
   * @example fast@3
   */
  readonly policy!: string | null;
  /**
   * Which of its rules holds, from 0; null when none does.
   * @example 0
   */
  readonly rule!: number | null;
  /**
   * What the targets are ranked by: a strategy, or `latency` or `throughput` where the request asks for them.
   * @example cheapest
   */
  readonly ranking!: string;
  /**
   * The draw that decided what is left to chance; the next call has another.
   * @example 0.7312
   */
  readonly random!: number;
  /**
   * What of the request was decided by.
   * @example { "inputTokens": 1200, "maxOutputTokens": 256, "stream": false, "needs": [] }
   */
  readonly request!: ExplainedRequest;
  /** As the policy lists them. */
  readonly candidates!: ExplainedTarget[];
  /**
   * How it would be tried.
   * @example { "maxAttempts": 3, "totalMs": 60000, "hedge": false, "contextWindow": ["openai/gpt-4.1"] }
   */
  readonly options!: ExplainedOptions;
  /**
   * Null when somebody would be asked.
   * @example { "status": 403, "code": "outside_scope", "message": "This API key may not use the vendor 'openai'." }
   */
  readonly refusal!: ExplainedRefusal | null;
}
