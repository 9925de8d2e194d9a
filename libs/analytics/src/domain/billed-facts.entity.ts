/** What of a call decides its cost besides the usual tokens: rarely there, but without it nobody could reckon anew. */
export class BilledFacts {
  /**
   * True when the vendor itself said what it charged, which rules over every price.
   *
   * @example false
   */
  readonly vendorCharged!: boolean;
  /**
   * The tier that served the call, as the vendor calls it; null for the standard one, and when it did not say.
   *
   * @example flex
   */
  readonly serviceTier!: string | null;
  /**
   * The part of `cacheWriteTokens` that was written for an hour.
   *
   * @example 0
   */
  readonly cacheWrite1hTokens!: number;
  /** @example 0 */
  readonly imageInputTokens!: number;
  /** @example 0 */
  readonly imageOutputTokens!: number;
  /**
   * Requests of hosted tools, such as web searches.
   *
   * @example 0
   */
  readonly toolRequests!: number;
  /**
   * Searches that a reranker bills.
   *
   * @example 0
   */
  readonly searchUnits!: number;
  /**
   * Characters of a text that was spoken, where the vendor told no tokens.
   *
   * @example 0
   */
  readonly characters!: number;
  /**
   * Other models that the vendor used on the way; the cost has them in it.
   *
   * @example 0
   */
  readonly otherModels!: number;
}
