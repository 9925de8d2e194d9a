export class ProviderKeyVerdict {
  /**
   * Whether the vendor takes the key.
   *
   * @example true
   */
  readonly valid!: boolean;

  /**
   * Status the vendor answered.
   *
   * @example 200
   */
  readonly status!: number;

  /** @example "The vendor takes this key." */
  readonly message!: string;
}
