/** Sealed records, by what became of them. */
export class SealedCounts {
  /**
   * Moved to the active key by this run.
   *
   * @example 12
   */
  readonly done!: number;

  /**
   * Changed again and again while it ran, and maybe still under an older key: ask again.
   *
   * @example 0
   */
  readonly left!: number;

  /**
   * Opened by no key of the ring.
   *
   * @example 0
   */
  readonly unreadable!: number;
}

/** The same of one kind of records. */
export class SealedKind extends SealedCounts {
  /**
   * `provider keys`, `responses`, `conversations` (their metadata), `conversation items` or
   * `idempotent answers`.
   *
   * @example responses
   */
  readonly kind!: string;
}

/** What became of everything that the store keeps sealed when it was encrypted anew. The counts are of all kinds together. */
export class Reencryption extends SealedCounts {
  /**
   * The key that seals now, the first of the ring.
   *
   * @example 0a1b2c3d
   */
  readonly activeKeyId!: string;

  readonly kinds!: SealedKind[];

  /** Keys that are not in the ring, although a record needs them. */
  readonly missingKeyIds!: string[];

  /**
   * API and admin keys that work, but were not used since the active key came: without the older keys they answer 401.
   * Each moves when it is used.
   *
   * @example 0
   */
  readonly keysLeft!: number;
}
