/** An encryption key for settings: 32 bytes, others for every seed below 224. */
export function encryptionKeyBytes(seed: number): Buffer {
  return Buffer.from(Array.from({ length: 32 }, (_, at) => seed + at));
}

/** The same in base64. */
export function encryptionKey(seed: number): string {
  return encryptionKeyBytes(seed).toString('base64');
}
