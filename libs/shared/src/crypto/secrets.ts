import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * All use of the encryption key: vendor keys are encrypted with it, project keys hashed and signatures sealed with keys
 * derived from it.
 */
export class Secrets {
  private readonly keyId: string;
  private readonly cipherKey: Buffer;
  private readonly hashKey: Buffer;
  private readonly sealKey: Buffer;

  /** @param key 32 bytes */
  constructor(key: Buffer) {
    this.cipherKey = derive(key, 'encrypt');
    this.hashKey = derive(key, 'hash');
    this.sealKey = derive(key, 'seal');
    this.keyId = derive(key, 'key-id').toString('hex').slice(0, 8);
  }

  /**
   * AES-256-GCM with a random nonce. The record's id is bound in as associated data, so that a ciphertext moved to
   * another record does not open. Envelope: `v1.<key id>.<base64url of nonce, ciphertext, tag>`.
   */
  encrypt(plain: string, recordId: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.cipherKey, nonce);
    cipher.setAAD(Buffer.from(recordId));
    const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return `v1.${this.keyId}.${sealed.toString('base64url')}`;
  }

  /** @throws Error when the envelope is of another key or record, or was altered */
  decrypt(envelope: string, recordId: string): string {
    const [version, keyId, payload] = envelope.split('.');
    if (version !== 'v1' || keyId !== this.keyId || payload === undefined) {
      throw new Error(
        `A stored secret was encrypted with another key (${keyId ?? 'unknown'}) than the one configured.`,
      );
    }
    const sealed = Buffer.from(payload, 'base64url');
    const decipher = createDecipheriv('aes-256-gcm', this.cipherKey, sealed.subarray(0, NONCE_BYTES));
    decipher.setAAD(Buffer.from(recordId));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    return (
      decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
    );
  }

  /** Keyed hash of an API key, as stored: HMAC-SHA-256, hex. */
  hash(apiKey: string): string {
    return createHmac('sha256', this.hashKey).update(apiKey).digest('hex');
  }

  /** Authenticates a text that a caller will hand back: base64url. */
  mac(text: string): string {
    return createHmac('sha256', this.sealKey).update(text).digest('base64url');
  }
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

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `llm-hub/${purpose}`, 32));
}
