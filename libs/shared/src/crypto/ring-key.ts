import { hkdfSync } from 'node:crypto';

/** One encryption key, and the keys for each purpose that come of it. */
export class RingKey {
  /** Of the bytes alone: finds the key of an envelope also after the operator named it. */
  readonly fingerprint: string;
  readonly cipherKey: Buffer;
  readonly hashKey: Buffer;
  readonly sealKey: Buffer;
  readonly cacheKey: Buffer;
  /** As envelopes name it. */
  readonly id: string;

  /** @param bytes 32 of them */
  constructor(bytes: Buffer, id?: string) {
    this.cipherKey = derive(bytes, 'encrypt');
    this.hashKey = derive(bytes, 'hash');
    this.sealKey = derive(bytes, 'seal');
    this.cacheKey = derive(bytes, 'cache');
    this.fingerprint = derive(bytes, 'key-id').toString('hex').slice(0, 8);
    this.id = id ?? this.fingerprint;
  }
}

/** Bytes that are all the same, as somebody writes them who will set a key later: no secret. */
export function isPlaceholder(bytes: Buffer): boolean {
  return bytes.every(byte => byte === bytes[0]);
}

function derive(key: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `llm-hub/${purpose}`, 32));
}
