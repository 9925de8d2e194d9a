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

/** How a call came to an end without an answer. */
export interface DeadEnd {
  readonly attempts: readonly AttemptRecord[];
  /** Why a target was not asked, for each, when none was. */
  readonly left?: readonly string[];
  /** Until one of the targets may be asked again, in ms. */
  readonly waitMs: number;
  /** Nothing but limits of their keys is in the way of targets that were not asked. */
  readonly limited: boolean;
  /** The caller has a part of an answer. */
  readonly brokeOff?: boolean;
}

/** 503, or 429 when nothing but limits was in the way: every target that the call may go to was tried, or is left alone. */
export class NoTargetLeftError extends GatewayError {
  /** @param asked the name of the model or policy, as the caller wrote it */
  constructor(asked: string, end: DeadEnd) {
    const { attempts, waitMs } = end;
    const limited = attempts.length === 0 ? end.limited : attempts.every(({ status }) => status === 429);
    super(told(asked, end), {
      status: limited ? 429 : 503,
      type: limited ? 'rate_limit_error' : 'service_unavailable_error',
      code: limited ? 'rate_limit_exceeded' : 'no_target_left',
      retryAfterMs: waitMs > 0 && Number.isFinite(waitMs) ? Math.ceil(waitMs) : USUAL_RETRY_MS,
      metadata: { attempts },
    });
  }
}

function told(asked: string, { attempts, left = [], brokeOff = false }: DeadEnd): string {
  const what = brokeOff
    ? `The answer of '${asked}' broke off, and nobody could go on with it`
    : `No vendor answered for '${asked}'`;
  const why =
    attempts.length === 0
      ? ['none of its targets takes calls now', ...left].join('; ')
      : attempts.map(attemptInWords).join('; ');
  const advice = attempts.some(({ error }) => error === NOT_AFFORDED)
    ? 'The retries of this project are used up; calls that succeed earn new ones. '
    : '';
  return `${what}: ${why}. ${advice}Try again later.`;
}

function attemptInWords({ target, status, error }: AttemptRecord): string {
  const answer = error === NOT_AFFORDED ? 'not asked' : (status ?? 'no answer');
  return `${target}: ${answer} (${error ?? ''})`;
}
