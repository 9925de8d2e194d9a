export class ProviderKeyVerdict {
  /**
   * Whether the vendor takes the key; null when it answers this question without looking at the key.
   *
   * @example true
   */
  readonly valid!: boolean | null;

  /**
   * Status the vendor answered.
   *
   * @example 200
   */
  readonly status!: number;

  /** @example "The vendor takes this key." */
  readonly message!: string;
}
