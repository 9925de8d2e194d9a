import type { Target } from '../domain/dialect.js';
import type { Losses } from '../domain/losses.js';
import type { Signature } from '../domain/part.js';

/** What every piece of the request writer needs. */
export interface WriteContext {
  readonly target: Target;
  readonly losses: Losses;
  /** The caller speaks this dialect too: native members are the vendor's to judge. */
  readonly own: boolean;
}

/** A warning is said once per field, however long the conversation. */
export function lose(
  { losses }: WriteContext,
  action: 'dropped' | 'approximated' | 'moved',
  field: string,
  detail: string,
): void {
  if (!losses.holds(field, action)) {
    losses[action](field, detail);
  }
}

export function lacks({ target }: WriteContext, field: string): boolean {
  return target.quirks.unsupported?.includes(field) ?? false;
}

/** What a caller of chat says of free-text tools is the vendor's to judge. */
export function takesCustom({ own, target }: WriteContext): boolean {
  return own || target.quirks.customTools === true;
}

/** Signatures go back only to the vendor and model that issued them (PROTOCOLS 2.7). */
export function isIssuedBy(signature: Signature | undefined, target: Target): signature is Signature {
  return signature?.issuer === target.vendor && signature.model === target.model;
}
