import { createHmac } from 'node:crypto';

/** Public on purpose: a signature shows that a text came back unaltered to the model that wrote it, nothing more. */
const KEY = 'llm-hub-simulator';

/** The opaque value that goes with a thought or a call; bound to the model, and good after a restart. */
export function sign(model: string, payload: string): string {
  return createHmac('sha256', KEY).update(model).update('\0').update(payload).digest('base64');
}

export function isSignedBy(model: string, payload: string, signature: string): boolean {
  return sign(model, payload) === signature;
}
