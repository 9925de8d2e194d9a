import { GatewayError, UpstreamError } from '@app/shared';
import type { AttemptRecord } from '../planned-call.js';

const USUAL_RETRY_MS = 1000;
/** Of a target that was not asked, since its project had wasted as many attempts as it may. */
export const NOT_AFFORDED = 'retry_budget';

/** What is recorded of an error. */
export interface Failure {
  /** The vendor's; null when it never answered. */
  readonly status: number | null;
  readonly code: string;
  readonly retryAfterMs: number | null;
}

export function failureOf(error: unknown): Failure {
  const status = error instanceof UpstreamError ? error.upstreamStatus : null;
  if (!(error instanceof GatewayError)) {
    return { status, code: 'internal_error', retryAfterMs: null };
  }
  return { status, code: error.code ?? error.type, retryAfterMs: error.retryAfterMs ?? null };
}

/** No vendor was at fault: all that was tried failed here, and for one reason, which tells more than a list of attempts. */
export function isOnlyOurs(error: unknown, attempts: readonly AttemptRecord[]): boolean {
  const isOurs = error instanceof GatewayError && !(error instanceof UpstreamError);
  return (
    isOurs && attempts.every(attempt => attempt.status === null && attempt.error === failureOf(error).code)
  );
}

/** 503, or 429 when nothing but limits was in the way: every target that the call may go to was tried, or is left alone. */
export class NoTargetLeftError extends GatewayError {
  /**
   * @param waitMs until one of the targets may be asked again
   * @param left why a target was not asked, for each
   */
  constructor(
    attempts: readonly AttemptRecord[],
    asked: string,
    waitMs: number,
    left: readonly string[] = [],
  ) {
    const limited = attempts.length > 0 && attempts.every(({ status }) => status === 429);
    const told = attempts.map(toldOf);
    const advice = attempts.some(({ error }) => error === NOT_AFFORDED)
      ? 'The retries of this project are used up; calls that succeed earn new ones. '
      : '';
    const tried =
      told.length === 0
        ? `none of its targets takes calls now${left.map(why => `; ${why}`).join('')}`
        : told.join('; ');
    super(`No vendor answered for '${asked}': ${tried}. ${advice}Try again later.`, {
      status: limited ? 429 : 503,
      type: limited ? 'rate_limit_error' : 'service_unavailable_error',
      code: limited ? 'rate_limit_exceeded' : 'no_target_left',
      retryAfterMs: waitMs > 0 && Number.isFinite(waitMs) ? Math.ceil(waitMs) : USUAL_RETRY_MS,
      metadata: { attempts },
    });
  }
}

function toldOf({ target, status, error }: AttemptRecord): string {
  const answer = error === NOT_AFFORDED ? 'not asked' : (status ?? 'no answer');
  return `${target}: ${answer} (${error ?? ''})`;
}
