import type { Signature } from '../domain/part.js';

const ALLOWED = /^[A-Za-z0-9_-]+$/;
const ENCODED = 'gwid_';

/**
 * The id of another vendor's tool call as this dialect allows it. Some (Moonshot's `functions.f:0`) hold characters that
 * Anthropic refuses; packed so, they come back as they were.
 */
export function callerCallId(id: string): string {
  return ALLOWED.test(id) && !id.startsWith(ENCODED) ? id : ENCODED + Buffer.from(id).toString('base64url');
}

/** The opposite of `callerCallId`. */
export function vendorCallId(id: string): string {
  return id.startsWith(ENCODED) ? Buffer.from(id.slice(ENCODED.length), 'base64url').toString() : id;
}

const OF_CALL = 'call:';

/**
 * Gemini signs calls, for which this dialect has no field. The signature travels in an empty thinking block before the
 * call, and says which one it is of.
 */
export function callSignature(signature: Signature, callId: string): Signature {
  const { issuer, model, payload } = signature;
  return { issuer, model, payload, id: OF_CALL + callId };
}

/** The call that an opened signature is of; null when it is that of a thinking block. */
export function signedCall({ id }: Signature): string | null {
  return id?.startsWith(OF_CALL) ? id.slice(OF_CALL.length) : null;
}

/** Of reasoning that its vendor did not sign: proof that this gateway wrote the block, and that Anthropic did not. */
export const UNSIGNED: Signature = { issuer: '', model: '', payload: '' };
