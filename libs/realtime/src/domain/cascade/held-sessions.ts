import { Injectable } from '@nestjs/common';
import type { CallMeter } from '@app/analytics';
import { type CrossingParts, type LiveCallerSide, type LiveDialect, Losses } from '@app/dialects';
import { admit, OpenStreams } from '@app/inference';
import { allowsRoute, type Route } from '@app/routing';
import { type Call, Config } from '@app/shared';
import type { CallerSocket } from '../caller-socket.js';
import { crossingParts } from '../crossing.js';
import { Relay } from '../relay.js';
import type { SessionHandles } from '../session-handles.js';
import { SessionNames } from '../session-names.js';
import { acceptCaller } from '../session-terms.js';
import { CascadeSession } from './cascade-session.js';
import type { CascadeCaller, OtherEnd } from './other-end.js';

const SWITCHING = 101;
/** Three minutes at the highest rate. */
const MOST_SPEECH_BYTES = 180 * 48_000 * 2;
const WAV_HEADER_BYTES = 44;

export interface HeldTrip {
  readonly call: Call;
  /** Of the session itself, which costs nothing. */
  readonly meter: CallMeter;
  readonly caller: CallerSocket;
  readonly dialect: LiveDialect;
  readonly modelAsked: string;
  readonly handles: SessionHandles;
  /** The caller was greeted before. */
  readonly isGreeted: boolean;
}

/** Both ends of a session that the gateway holds itself. */
export interface Ends {
  side(parts: CrossingParts): LiveCallerSide;
  other(heard: { readonly caller: CascadeCaller; readonly losses: Losses }): OtherEnd;
}

/** Sessions of which the gateway itself is the other end. */
@Injectable()
export class HeldSessions {
  constructor(
    private readonly streams: OpenStreams,
    private readonly config: Config,
  ) {}

  /**
   * Resolves when the session is over, and on record.
   *
   * @throws GatewayError (403) when the route is not open to the call
   */
  async hold(trip: HeldTrip, route: Route, ends: Ends): Promise<void> {
    const { call, meter, dialect, modelAsked, isGreeted, handles } = trip;
    admit({ call, meter }, route);
    meter.isFree = true;
    const headers = { 'x-request-id': call.id, 'x-llmhub-provider': route.vendor.id };
    const accepted = await acceptCaller(trip, headers);
    const losses = new Losses();
    const relay = new Relay();
    meter.voice = () => ({ firstSoundMs: null, bargeInMs: null, relay: relay.facts });
    const session = new CascadeSession(accepted, {
      dialect,
      side: ends.side({ ...crossingParts(trip, route), losses, tellsWholeSpeeches: true }),
      losses,
      relay,
      names: new SessionNames({ call, route, modelAsked, handles }, false),
      messageLimitBytes: call.bodyLimitBytes,
      limitMs: this.config.realtimeSessionMs,
      isGreeted,
      otherEnd: caller => ends.other({ caller, losses }),
    });
    this.streams.add(session);
    try {
      const { outcome, errorCode } = await session.run();
      await meter.close({ status: SWITCHING, outcome, errorCode });
    } finally {
      this.streams.delete(session);
    }
  }
}

/** The first that the call may use; else the first, which is refused. */
export function openTo({ permission }: Call, routes: readonly [Route, ...Route[]]): Route {
  return routes.find(each => allowsRoute(permission, each)) ?? routes[0];
}

/** Of one speech, as a recording. */
export function mostSpeechBytes({ fileLimitBytes }: Call): number {
  return Math.min(MOST_SPEECH_BYTES, fileLimitBytes - WAV_HEADER_BYTES);
}
