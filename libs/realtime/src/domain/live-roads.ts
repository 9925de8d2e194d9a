import { Injectable } from '@nestjs/common';
import type { LiveDialect } from '@app/dialects';
import { Executor, type Route, RoutePlanner } from '@app/routing';
import type { RoutePermission } from '@app/shared';
import { Cascades, isTextRoute } from './cascade/cascades.js';
import { Dictations } from './cascade/dictations.js';
import { type HeldTrip, openTo } from './cascade/held-sessions.js';
import { NoLiveModelError, NoTranscriberError } from './realtime.errors.js';

/** Where a session goes. */
export interface LiveRoad {
  /** To vendors that have such sessions. */
  readonly routes: readonly Route[];
  /** Holds it in the gateway itself; null: it goes to one of them. */
  readonly held: (() => Promise<void>) | null;
}

type Trip = HeldTrip & { readonly isTranscription: boolean };

/** Whom a session is with: a vendor that has sessions, or the gateway, which asks models of any vendor. */
@Injectable()
export class LiveRoads {
  constructor(
    readonly planner: RoutePlanner,
    readonly executor: Executor,
    private readonly cascades: Cascades,
    private readonly dictations: Dictations,
  ) {}

  /** @throws NoLiveModelError, NoTranscriberError (400) */
  roadOf(trip: Trip, routes: readonly Route[]): LiveRoad {
    return trip.isTranscription ? this.written(trip, routes) : this.spoken(trip, routes);
  }

  /** Whether there is one. */
  hasRoad({ isTranscription, dialect }: Pick<Trip, 'isTranscription' | 'dialect'>, route: Route): boolean {
    return isTranscription
      ? writesDown(dialect)(route) || this.dictations.hears(route)
      : isLiveRoute(route) || isTextRoute(route);
  }

  private spoken(trip: Trip, all: readonly Route[]): LiveRoad {
    const routes = all.filter(isLiveRoute);
    const [first, ...others] = all.filter(isTextRoute);
    if (!first && routes.length === 0) {
      throw new NoLiveModelError(trip.modelAsked);
    }
    return { routes, held: first ? () => this.cascades.run(trip, [first, ...others]) : null };
  }

  /** A vendor's own sessions are for keys that may use all of its models: any of them may write down what is said. */
  private written(trip: Trip, all: readonly Route[]): LiveRoad {
    const { call, dialect, modelAsked } = trip;
    const routes = all.filter(writesDown(dialect));
    const [first, ...others] = all.filter(route => this.dictations.hears(route));
    if (!first) {
      if (routes.length === 0) {
        throw new NoTranscriberError(modelAsked);
      }
      return { routes, held: null };
    }
    const best = openTo(call, [all[0] ?? first, ...all.slice(1)]);
    const held = (): Promise<void> => this.dictations.run(trip, [first, ...others]);
    if (writesDown(dialect)(best) && opensAll(call.permission, best)) {
      return { routes, held: all.length > 1 ? held : null };
    }
    return { routes: [], held };
  }
}

/** Its vendor has sessions that do so, and it is no model that converses. */
function writesDown(dialect: LiveDialect): (route: Route) => boolean {
  return route => route.vendor.live === dialect && !isTextRoute(route);
}

/** Its model hears and speaks itself. What models do that nobody knows is for their vendor to say. */
function isLiveRoute(route: Route): boolean {
  const { vendor, target } = route;
  return vendor.live !== undefined && target.traits.talks !== false && !isTextRoute(route);
}

function opensAll(permission: RoutePermission | null, { vendor }: Route): boolean {
  return permission?.allowsAll(vendor.id) ?? true;
}
