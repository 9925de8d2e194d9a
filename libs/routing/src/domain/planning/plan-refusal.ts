import { type Call, GatewayError } from '@app/shared';
import { NoTargetLeftError } from '../executing/failed-attempts.js';
import type { RoutingDecision } from '../planned-call.js';
import { CLOSED_TO_KEY } from './candidate-facts.js';
import { exclusionOf } from './exclusion.js';
import type { Candidate, RoutingSnapshot } from './routing-snapshot.js';

/** 400: each target lacks something that the request needs, or is closed to it; the message says what. */
export class NoFittingTargetError extends GatewayError {
  constructor(asked: string, decision: RoutingDecision) {
    super(`No target of '${asked.slice(0, 200)}' fits this request. ${reasonsIn(decision).join('; ')}.`, {
      status: 400,
      type: 'invalid_request_error',
      code: 'no_fitting_target',
      param: 'model',
    });
  }
}

/** Why nobody is asked at all; null when somebody is. */
export function refusalOf(
  asked: string,
  { permission }: Pick<Call, 'permission'>,
  decision: RoutingDecision,
): GatewayError | null {
  const { candidates } = decision.snapshot;
  if (decision.plan.order.length > 0) {
    return null;
  }
  const waits = candidates.filter(candidate => isOnlyDown(candidate, decision.snapshot));
  if (waits.length > 0) {
    return new NoTargetLeftError(asked, {
      attempts: [],
      left: reasonsIn(decision),
      waitMs: Math.min(...waits.map(({ downForMs }) => downForMs)),
      limited: waits.every(({ limited }) => limited),
    });
  }
  const closed = candidates.find(candidate => candidate.closed === CLOSED_TO_KEY);
  return (closed && scopeError(permission, closed)) ?? new NoFittingTargetError(asked, decision);
}

function reasonsIn({ snapshot, plan }: RoutingDecision): string[] {
  return snapshot.candidates.map(
    ({ vendor, model }, index) => `${vendor}/${model}: ${plan.excluded[index] ?? ''}`,
  );
}

/** Nothing but its health keeps it from being asked. */
function isOnlyDown(candidate: Candidate, snapshot: RoutingSnapshot): boolean {
  return candidate.down !== null && exclusionOf({ ...candidate, down: null }, snapshot) === null;
}

function scopeError(
  permission: Call['permission'],
  { vendor, model }: { readonly vendor: string; readonly model: string },
): GatewayError | null {
  try {
    permission?.assertRoute(vendor, model);
    return null;
  } catch (error) {
    return error instanceof GatewayError ? error : null;
  }
}
