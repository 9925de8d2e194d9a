/** Storage port: under which encryption keys this store's hashes and envelopes were made. It sees fingerprints only. */
export abstract class EncryptionKeyRepository {
  /** All there ever were, in no order. */
  abstract fingerprints(): Promise<string[]>;
  /** Knowing it already is no error. */
  abstract add(fingerprint: string): Promise<void>;
}
