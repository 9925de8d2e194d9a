import { createCipheriv, createDecipheriv, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { RingKey } from './ring-key.js';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A secret was encrypted with a key that is not in the ring. */
export class LostEncryptionKeyError extends Error {
  constructor(readonly keyId: string) {
    super(
      `A stored secret was encrypted with the key '${keyId}', which is not in the key ring. Put it back into ` +
        'AI_GATEWAY_SECURITY_ENCRYPTION_KEYS.',
    );
    this.name = 'LostEncryptionKeyError';
  }
}

/** A key as it is stored. */
export interface KeyedHash {
  /** HMAC-SHA-256, hex. */
  readonly hash: string;
  /** Fingerprint of the encryption key that made it. */
  readonly madeWith: string;
}

/**
 * All use of the encryption keys: vendor keys are encrypted with them, project keys hashed and signatures sealed with
 * keys derived from them. The first of the ring makes what is new; all of them open what is old.
 */
export class Secrets {
  private readonly active: RingKey;

  /** @param ring at least one key, the active one first */
  constructor(private readonly ring: readonly RingKey[]) {
    const [active] = ring;
    if (!active) {
      throw new Error('There is no encryption key.');
    }
    this.active = active;
  }

  get activeKeyId(): string {
    return this.active.id;
  }

  /** Fingerprint of the active key. */
  get fingerprint(): string {
    return this.active.fingerprint;
  }

  /** Ids and fingerprints of the keys in the ring, the active one first; they tell nothing of the keys. */
  get names(): Pick<RingKey, 'id' | 'fingerprint'>[] {
    return this.ring.map(({ id, fingerprint }) => ({ id, fingerprint }));
  }

  /** Makes the keys of cached answers, 32 bytes. They need not outlive it: with another active key the cache is empty. */
  get cacheKey(): Buffer {
    return this.active.cacheKey;
  }

  /**
   * AES-256-GCM with a random nonce. The record's id is bound in as associated data, so that a ciphertext moved to
   * another record does not open. Envelope: `v1.<key id>.<base64url of nonce, ciphertext, tag>`.
   */
  encrypt(plain: string | Buffer, recordId: string): string {
    const bytes = typeof plain === 'string' ? Buffer.from(plain) : plain;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.active.cipherKey, nonce);
    cipher.setAAD(Buffer.from(recordId));
    const sealed = Buffer.concat([nonce, cipher.update(bytes), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.active.id}.${sealed.toString('base64url')}`;
  }

  /**
   * @throws LostEncryptionKeyError when the envelope's key is not in the ring
   * @throws Error when the envelope is of another record, or was altered
   */
  decrypt(envelope: string, recordId: string): string {
    return this.decryptBytes(envelope, recordId).toString();
  }

  /** The same, of bytes that are no text. */
  decryptBytes(envelope: string, recordId: string): Buffer {
    const [version, keyId = '', payload] = envelope.split('.');
    if (version !== 'v1' || payload === undefined) {
      throw new Error('A stored secret is damaged.');
    }
    const sealed = Buffer.from(payload, 'base64url');
    const decipher = createDecipheriv(
      'aes-256-gcm',
      this.find(keyId).cipherKey,
      sealed.subarray(0, NONCE_BYTES),
      { authTagLength: TAG_BYTES }, // a cut one is no tag
    );
    decipher.setAAD(Buffer.from(recordId));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
  }

  /** Whether the active key made the envelope. */
  isCurrent(envelope: string): boolean {
    return envelope.startsWith(`v1.${this.active.id}.`);
  }

  /** Keyed hash of an API key, as stored: HMAC-SHA-256, hex. */
  hash(apiKey: string): string {
    return hashWith(this.active, apiKey);
  }

  /** The same with the key that made it. */
  keyedHash(apiKey: string): KeyedHash {
    return { hash: this.hash(apiKey), madeWith: this.fingerprint };
  }

  /** The hash by each key of the ring, the active one first: the store may still have an older one. */
  hashes(apiKey: string): string[] {
    return this.ring.map(key => hashWith(key, apiKey));
  }

  /** Authenticates a text that a caller will hand back: base64url. */
  mac(text: string): string {
    return macWith(this.active, text);
  }

  /** Whether `mac` made it, with any key of the ring. */
  verify(text: string, mac: string): boolean {
    return this.ring.some(key => sameSecret(mac, macWith(key, text)));
  }

  private find(keyId: string): RingKey {
    const key =
      this.ring.find(({ id }) => id === keyId) ?? this.ring.find(({ fingerprint }) => fingerprint === keyId);
    if (!key) {
      throw new LostEncryptionKeyError(keyId);
    }
    return key;
  }
}

function hashWith({ hashKey }: RingKey, apiKey: string): string {
  return createHmac('sha256', hashKey).update(apiKey).digest('hex');
}

function macWith({ sealKey }: RingKey, text: string): string {
  return createHmac('sha256', sealKey).update(text).digest('base64url');
}

/** Constant-time comparison of two hashes or MACs. */
export function sameSecret(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A new key: prefix and 192 random bits, e.g. `pk_1f0c…`. */
export function newKey(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('hex')}`;
}
