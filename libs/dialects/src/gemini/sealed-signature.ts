import type { SignatureSeal } from '../domain/dialect.js';
import type { Signature } from '../domain/part.js';

/** What a `thoughtSignature` of a caller holds. */
export interface OpenedSignature {
  readonly signature: Signature;
  /** It stands for reasoning of which only the ciphertext is known. */
  readonly redacted: boolean;
}

const REDACTED = ' redacted';

/** For a caller. In base64, because Google's SDKs of other languages read the field as bytes. */
export function sealSignature(signature: Signature, seal: SignatureSeal, redacted = false): string {
  return Buffer.from(`${seal.seal(signature)}${redacted ? REDACTED : ''}`).toString('base64');
}

/** Null for what this gateway did not seal. Python's SDK sends the URL-safe alphabet back, which is read too. */
export function openSignature(text: string, seal: SignatureSeal): OpenedSignature | null {
  const sealed = Buffer.from(text, 'base64').toString();
  const redacted = sealed.endsWith(REDACTED);
  const signature = seal.open(redacted ? sealed.slice(0, -REDACTED.length) : sealed);
  return signature && { signature, redacted };
}
