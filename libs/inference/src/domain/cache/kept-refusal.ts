import type { CachedRefusal } from '@app/optimization';
import { UpstreamError } from '@app/shared';

/** For so long, in ms: a vendor learns to take what it did not take before. */
export const REFUSAL_MS = 60_000;

/** Statuses that are about the request itself; whoever may not ask, or asks too much, may do so the next time. */
const OF_THE_REQUEST: ReadonlySet<number | null> = new Set([400, 413, 422]);
/** What vendors tell of the account with such a status, too: that is over when the bill is paid. */
const OF_THE_ACCOUNT =
  /\b(?:api[ _-]?key|account|balance|billing|credits?|organi[sz]ation|payment|quota)\b|region|location/i;

/** What the same request is always told; null when it may be told otherwise the next time. */
export function refusalIn(error: unknown): CachedRefusal | null {
  if (!(error instanceof UpstreamError) || error.retryable || error.shouldRetry === false) {
    return null;
  }
  const { upstreamStatus: status, message, type, code, param } = error;
  const isAlways = OF_THE_REQUEST.has(status) && !OF_THE_ACCOUNT.test(`${code ?? ''} ${message}`);
  return isAlways && status !== null ? { status, message, type, code, param } : null;
}

/** The same error once more. */
export function refusedAgain(vendor: string, { status, ...said }: CachedRefusal): UpstreamError {
  return new UpstreamError({ vendor, upstreamStatus: status, ...said });
}
