/** What became of the stored vendor keys when they were encrypted anew. */
export class Reencryption {
  /** The key that seals now, the first of the ring. */
  readonly activeKeyId!: string;

  /** Vendor keys that this run moved to the active key. */
  readonly done!: number;

  /** Vendor keys that changed while it ran and still have an older key: ask again. */
  readonly left!: number;

  /** Vendor keys that no key of the ring opens. */
  readonly unreadable!: number;

  /** Keys that are not in the ring, although a vendor key needs them. */
  readonly missingKeyIds!: string[];
}
