/**
 * What one call consumed, in tokens unless named otherwise. One shape for every dialect (PROTOCOLS 1.8):
 * `inputTokens` holds all prompt tokens, cached ones included; `outputTokens` holds reasoning.
 */
export interface Usage {
  readonly inputTokens: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
  /** The part of `cacheWriteTokens` written for one hour, which is dearer. */
  readonly cacheWrite1hTokens?: number;
  readonly outputTokens: number;
  readonly reasoningTokens?: number;
  readonly audioInputTokens?: number;
  readonly audioOutputTokens?: number;
  readonly imageInputTokens?: number;
  readonly imageOutputTokens?: number;
  /** Tokens of tool results that the vendor fed to the model itself; part of `inputTokens`. */
  readonly toolUsePromptTokens?: number;
  readonly acceptedPredictionTokens?: number;
  readonly rejectedPredictionTokens?: number;
  /** Audio length where the vendor bills by time, in seconds. */
  readonly audioSeconds?: number;
  /** Searches that a reranker bills: a query with up to 100 documents is one (Cohere). */
  readonly searchUnits?: number;
  /** Requests of hosted tools, e.g. web searches. */
  readonly serverToolRequests?: number;
  /** What the vendor says it charged, in USD; rules over our own price. */
  readonly providerCostUsd?: number;
  /** Tier that served the call, as the answer says. */
  readonly serviceTier?: string;
  /** Tokens of other models the vendor used on the way, billed besides. */
  readonly extra?: readonly {
    readonly model: string;
    readonly inputTokens: number;
    readonly outputTokens: number;
  }[];
  /** True when the vendor did not say and the gateway guessed. */
  readonly estimated?: boolean;
}
