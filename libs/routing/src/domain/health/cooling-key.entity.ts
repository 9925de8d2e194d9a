/** A vendor's key that is left alone for a while, because the vendor said so. */
export class CoolingKey {
  /**
   * Id of the key's record.
   * @example 01936f5a-7c1e-7a1b-8f00-0123456789ab
   */
  readonly keyId!: string;
  /**
   * For which of the vendor's models; null: for all.
   * @example gpt-5
   */
  readonly model!: string | null;
  /**
   * For how many more ms.
   * @example 1250
   */
  readonly remainingMs!: number;
  /**
   * Whether it met a rate limit; else the vendor refused it.
   * @example true
   */
  readonly limited!: boolean;
}
