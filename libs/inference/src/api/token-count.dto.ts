export class TokenCount {
  /** @example 31 */
  readonly totalTokens!: number;
}
