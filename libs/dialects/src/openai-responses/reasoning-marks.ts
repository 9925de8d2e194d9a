import type { ReasoningPart, Signature } from '../domain/part.js';

/**
 * Vendors of other dialects give no ids to their reasoning, and a reasoning item has no field that all clients send back
 * besides its cipher: the place of the id inside the seal says what the caller may not change.
 */
const REDACTED = '#redacted';

/** For sealing. */
export function mark(signature: Signature, redacted: boolean | undefined): Signature {
  return redacted ? { ...signature, id: REDACTED } : signature;
}

/** What was sealed. */
export function unmark(signature: Signature): Pick<ReasoningPart, 'signature' | 'redacted'> {
  if (signature.id !== REDACTED) {
    return { signature };
  }
  const { id: _id, ...plain } = signature;
  return { signature: plain, redacted: true };
}
