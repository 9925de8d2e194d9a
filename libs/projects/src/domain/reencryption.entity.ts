/** What became of the stored vendor keys when they were encrypted anew. */
export class Reencryption {
  /**
   * The key that seals now, the first of the ring.
   *
   * @example 0a1b2c3d
   */
  readonly activeKeyId!: string;

  /**
   * Vendor keys that this run moved to the active key.
   *
   * @example 12
   */
  readonly done!: number;

  /**
   * Vendor keys that changed while it ran and still have an older key: ask again.
   *
   * @example 0
   */
  readonly left!: number;

  /**
   * Vendor keys that no key of the ring opens.
   *
   * @example 0
   */
  readonly unreadable!: number;

  /**
   * API and admin keys that work, but were not used since the active key came: without the older keys they answer 401.
   * Each moves when it is used.
   *
   * @example 0
   */
  readonly keysLeft!: number;

  /** Keys that are not in the ring, although a vendor key needs them. */
  readonly missingKeyIds!: string[];
}
