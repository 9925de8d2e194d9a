import { Injectable } from '@nestjs/common';
import { ConfigError, Secrets } from '@app/shared';
import { EncryptionKeyRepository } from './encryption-key.repository.js';

/** With another encryption key than the store's, every key in it would be "unknown": that must stop the start instead. */
@Injectable()
export class EncryptionCheck {
  constructor(
    private readonly keys: EncryptionKeyRepository,
    private readonly secrets: Secrets,
  ) {}

  /** @throws ConfigError when no configured key is one of the store's */
  async assertOwnStore(): Promise<void> {
    const known = await this.keys.fingerprints();
    const { fingerprints } = this.secrets;
    if (known.length > 0 && !known.some(fingerprint => fingerprints.includes(fingerprint))) {
      throw new ConfigError(
        'AI_GATEWAY_SECURITY_ENCRYPTION_KEY',
        `is not the key of this store, whose keys were made under ${known.join(', ')} (yours: ` +
          `${fingerprints.join(', ')}). Put the old one back (a key made in development lies in the data folder, in ` +
          'encryption.key), or name both in AI_GATEWAY_SECURITY_ENCRYPTION_KEYS, the new one first.',
      );
    }
    const [active] = fingerprints;
    if (active !== undefined && !known.includes(active)) {
      await this.keys.add(active);
    }
  }
}
