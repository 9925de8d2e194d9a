import { Injectable } from '@nestjs/common';
import { ConfigError, Secrets } from '@app/shared';
import { EncryptionKeyRepository, type KnownEncryptionKey } from './encryption-key.repository.js';
import { KeyHashes } from './key-hashes.js';

const RING = 'AI_GATEWAY_SECURITY_ENCRYPTION_KEYS';

/** With another encryption key than the store's, every key in it would be "unknown": that must stop the start instead. */
@Injectable()
export class EncryptionCheck {
  constructor(
    private readonly keys: EncryptionKeyRepository,
    private readonly hashes: KeyHashes,
    private readonly secrets: Secrets,
  ) {}

  /** @throws ConfigError when no configured key is one of the store's, or a key has another id than the store's */
  async assertOwnStore(): Promise<void> {
    const known = await this.keys.list();
    const { names, fingerprint: active } = this.secrets;
    if (
      known.length > 0 &&
      !known.some(({ fingerprint }) => names.some(key => key.fingerprint === fingerprint))
    ) {
      throw new ConfigError(
        'AI_GATEWAY_SECURITY_ENCRYPTION_KEY',
        `is not the key of this store, whose keys were made under ${known.map(shown).join(', ')} (yours: ` +
          `${names.map(shown).join(', ')}). Put the old one back (a key made in development lies in the data folder, in ` +
          `encryption.key), or name both in ${RING}, the new one first.`,
      );
    }
    for (const key of names) {
      assertSameId(key, known);
    }
    for (const { fingerprint, id } of names) {
      const noted = known.find(key => key.fingerprint === fingerprint);
      if (noted ? noted.id !== id : fingerprint === active) {
        await this.keys.note(fingerprint, id);
      }
    }
    if (names.length === 1 && known.every(({ fingerprint }) => fingerprint === active)) {
      await this.hashes.claim();
    }
  }
}

/**
 * Envelopes name their key by its id, or by its fingerprint if it had no id then: a key may get an id, but no other one,
 * and no two keys may share one.
 *
 * @throws ConfigError
 */
function assertSameId(key: Named, known: readonly KnownEncryptionKey[]): void {
  const namesake = known.find(
    ({ id, fingerprint }) => (id === key.id || fingerprint === key.id) && fingerprint !== key.fingerprint,
  );
  if (namesake) {
    throw new ConfigError(
      RING,
      `gives another key the id '${key.id}', which the store knows as the key ${namesake.fingerprint} (this one is ` +
        `${key.fingerprint}). Give the new key an id of its own, and keep the old one behind it.`,
    );
  }
  const noted = known.find(({ fingerprint }) => fingerprint === key.fingerprint)?.id ?? key.fingerprint;
  if (noted !== key.fingerprint && noted !== key.id) {
    throw new ConfigError(
      RING,
      `knows a key as '${key.id}' that this store's secrets name '${noted}'. Write it as \`${noted}:…\` again.`,
    );
  }
}

type Named = Pick<KnownEncryptionKey, 'fingerprint'> & { readonly id: string };

function shown({ id, fingerprint }: KnownEncryptionKey): string {
  return id === null || id === fingerprint ? fingerprint : `'${id}' (${fingerprint})`;
}
