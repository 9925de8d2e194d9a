/** An encryption key as the store knows it. */
export interface KnownEncryptionKey {
  readonly fingerprint: string;
  /** As envelopes name it; null in stores from before ids were noted. */
  readonly id: string | null;
}

/** Storage port: under which encryption keys this store's hashes and envelopes were made. It sees no key. */
export abstract class EncryptionKeyRepository {
  /** All there ever were, in no order. */
  abstract list(): Promise<KnownEncryptionKey[]>;
  /** Notes a key, or the id of one that is known already. */
  abstract note(fingerprint: string, id: string): Promise<void>;
}
