import { UnsupportedFieldsError } from '@app/dialects';
import { GatewayError, UpstreamError } from '@app/shared';
import { type Refusal, refusalOf } from './refusals.js';

/** What a failed attempt means for the target, its key, and the call. */
export interface Verdict {
  /** Counts against the target. */
  readonly broken: boolean;
  /** Another target may well answer. */
  readonly elsewhere: boolean;
  /** So may the same one, a little later. */
  readonly again: boolean;
  /** Another key of the same vendor may be let in. */
  readonly otherKey: boolean;
  /** The request itself was refused, and a policy may name a model for that. */
  readonly refusal: Refusal | null;
}

const STOP: Verdict = { broken: false, elsewhere: false, again: false, otherKey: false, refusal: null };
const BROKEN: Verdict = { ...STOP, broken: true, elsewhere: true, again: true };
const KEY: Verdict = { ...STOP, elsewhere: true, otherKey: true };
const NOT_HERE: Verdict = { ...STOP, elsewhere: true };

/** By the status that the vendor answered; others below 500 are the caller's own fault, others above as 500. */
const BY_STATUS: Readonly<Record<number, Verdict>> = {
  401: KEY,
  402: KEY,
  403: KEY,
  404: NOT_HERE, // the vendor does not have the model, or not in this region
  405: NOT_HERE,
  408: BROKEN,
  409: { ...BROKEN, broken: false },
  410: NOT_HERE,
  425: { ...BROKEN, broken: false },
  429: { ...KEY, again: true },
  501: NOT_HERE,
};

/** Judges what was thrown. What is not known to be harmless to repeat is not repeated. */
export function judge(error: unknown): Verdict {
  if (error instanceof UpstreamError) {
    return judgeVendor(error);
  }
  if (error instanceof UnsupportedFieldsError) {
    return NOT_HERE; // another vendor may know the field
  }
  if (!(error instanceof GatewayError)) {
    return STOP;
  }
  const { status } = error;
  // No key, no address, a token that cannot be bought; a budget that another target is cheap enough for. Our 503 is not for
  // this target alone: the store is down, or we stop.
  return (status >= 500 && status !== 503) || status === 402 ? NOT_HERE : STOP;
}

function judgeVendor(error: UpstreamError): Verdict {
  const { upstreamStatus: status } = error;
  if (status === null || status < 400) {
    return BROKEN; // no answer, or none that makes sense
  }
  const known = BY_STATUS[status] ?? (status >= 500 ? BROKEN : STOP);
  const refusal = status < 500 && known === STOP ? refusalOf(error) : null;
  const settled = refusal === null ? known : { ...STOP, refusal };
  return error.shouldRetry === false ? { ...settled, again: false } : settled;
}
