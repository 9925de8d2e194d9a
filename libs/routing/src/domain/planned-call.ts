import type { GatewayError } from '@app/shared';
import type { Refusal } from './executing/refusals.js';
import type { Route } from './model-router.js';
import type { RoutingPlan, RoutingSnapshot } from './planning/routing-snapshot.js';
import type { RouteRequest } from './route-request.js';

/** How a call may be tried. Times in ms; null: as long as the gateway allows. */
export interface CallOptions {
  readonly maxAttempts: number;
  /** Until the caller has the end of its answer. */
  readonly totalMs: number | null;
  readonly attemptMs: number | null;
  readonly firstTokenMs: number | null;
  readonly idleMs: number | null;
  readonly hedge: boolean;
  readonly midStreamFailover: boolean;
  /** Models for a call that was refused, by what was refused. */
  readonly fallbacks: Readonly<Record<Refusal, readonly Route[]>>;
}

/** What a call is tried with that asked for nothing: once, as long as the gateway allows. */
export const PLAIN: CallOptions = {
  maxAttempts: 1,
  totalMs: null,
  attemptMs: null,
  firstTokenMs: null,
  idleMs: null,
  hedge: false,
  midStreamFailover: false,
  fallbacks: { contextWindow: [], contentPolicy: [] },
};

/** What a call is tried with where neither its policy nor its request says otherwise. */
export function usualOptions({
  call: { silenceMs },
  stream,
}: {
  readonly call: Pick<RouteRequest['call'], 'silenceMs'>;
  readonly stream: boolean;
}): CallOptions {
  if (silenceMs === undefined) {
    return PLAIN;
  }
  return stream
    ? { ...PLAIN, firstTokenMs: silenceMs, idleMs: silenceMs }
    : { ...PLAIN, attemptMs: silenceMs };
}

/** One request that was sent to a vendor, or could not be: `retry_budget` when the project's retries were used up. */
export interface AttemptRecord {
  /** `vendor/model`. */
  readonly target: string;
  /** Id of the vendor key's record; null for the gateway's own. */
  readonly key: string | null;
  /** From the call's beginning, in ms. */
  readonly startedMs: number;
  /** From there to the first byte, or to its failure; null while it is under way. */
  ms: number | null;
  /** The vendor's status; null when it never answered. */
  status: number | null;
  /** Null for the one that answered. */
  error: string | null;
  /** Sent beside another that was slow. */
  readonly hedge?: true;
  /** Went on where another broke off. */
  readonly resumed?: true;
}

/** Why a call went where it went. Plain JSON, kept with its usage record. */
export interface RoutingDecision {
  readonly snapshot: RoutingSnapshot;
  readonly plan: RoutingPlan;
  /** Grows while the call is on its way. */
  readonly attempts: AttemptRecord[];
}

/** Where a call may go. */
export interface PlannedCall {
  /** In the order in which they are asked. */
  readonly routes: readonly Route[];
  readonly options: CallOptions;
  /** Null when there was nothing to decide. */
  readonly decision: RoutingDecision | null;
  /** Grows while the call is on its way; the decision's, where there is one. */
  readonly attempts: AttemptRecord[];
  /** `name@version` of the policy that the name stands for. */
  readonly policy: string | null;
  /** Why nobody can be asked; null when there is a route. */
  readonly refusal: GatewayError | null;
  /** To be told the target (`vendor/model`) that answered; null when it does not matter. */
  readonly noteAnswered: ((target: string) => void) | null;
  /** Members of the body that were for us, and not for the vendor. */
  readonly ownMembers: readonly string[];
}

/** The same call where what was made ready for one vendor must not be sent to another, nor with its key. */
export function only(route: Route, planned: PlannedCall): PlannedCall {
  const { options } = planned;
  const alone = options === PLAIN ? PLAIN : { ...options, fallbacks: PLAIN.fallbacks };
  return { ...planned, routes: [route], options: alone };
}

/** Where a call goes that can only be tried once. @throws its refusal */
export function firstOf({ routes, refusal }: PlannedCall): Route {
  const [route] = routes;
  if (!route) {
    throw refusal ?? new Error('A call was planned without a way and without a reason.');
  }
  return route;
}
