import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import type { LiveDialect } from '@app/dialects';
import { admit, EndpointService, OpenStreams, Spending } from '@app/inference';
import { type SocketMessage, type SocketRefusal, VendorSocket, vendorUrl } from '@app/providers';
import type { Errand, Route, Sending } from '@app/routing';
import { type Call, concealed, type GatewayError } from '@app/shared';
import type { CallerSocket, OpenedSocket } from './caller-socket.js';
import { Crossing, crossingParts } from './crossing.js';
import { LiveSession, type SessionParts } from './live-session.js';
import { LiveTurns, type TurnsParts } from './live-turns.js';
import { parsed } from './messages.js';
import { Relay } from './relay.js';
import { SessionNames } from './session-names.js';
import { acceptCaller } from './session-terms.js';

/** What all sessions share. */
@Injectable()
export class LiveParts implements TurnsParts {
  constructor(
    readonly metering: Metering,
    readonly spending: Spending,
    readonly endpoints: EndpointService,
    readonly streams: OpenStreams,
  ) {}
}

export interface LiveTrip {
  readonly call: Call;
  /** Of the session itself, which costs nothing. */
  readonly meter: CallMeter;
  readonly caller: CallerSocket;
  readonly dialect: LiveDialect;
  readonly modelAsked: string;
  /** The vendor is not told a model: it only writes down what is said. */
  readonly isTranscription: boolean;
  /** The caller was greeted before, and is not again by the vendor. */
  readonly isGreeted: boolean;
  /** How long it may last. */
  readonly limitMs: number;
}

interface Begun {
  readonly response: { readonly status: number; header(name: string): string | undefined };
  readonly vendor: VendorSocket;
  readonly route: Route;
  readonly turns: LiveTurns;
  readonly isSimulated: boolean;
  /** The key that the vendor was shown. */
  readonly secret: string;
}

const SWITCHING = 101;

/** One session on its way to one vendor after another, until one opens it. */
export class LiveErrand implements Errand<Begun> {
  readonly call;
  readonly modelAsked;
  readonly stream = true;
  readonly inputTokens = 0;
  committed = false;
  cut: GatewayError | null = null;
  private session: LiveSession | null = null;

  constructor(
    private readonly parts: LiveParts,
    private readonly trip: LiveTrip,
  ) {
    this.call = trip.call;
    this.modelAsked = trip.modelAsked;
  }

  async send({ route, apiKey, signal }: Sending): Promise<Begun> {
    const { call, meter, modelAsked } = this.trip;
    admit({ call, meter }, route);
    if (this.trip.isTranscription) {
      call.permission?.assertVendor(route.vendor.id); // any of its models may write down what is said
    }
    const turns = new LiveTurns(this.parts, { call, route, modelAsked }, error => this.session?.fail(error));
    await turns.open();
    try {
      return { ...(await this.dial(route, { apiKey, signal })), route, turns };
    } catch (error) {
      await turns.close('failed', 'not_opened');
      throw error;
    }
  }

  async answer({ vendor, route, turns, isSimulated, secret }: Begun): Promise<number | null> {
    const { call, meter, dialect, limitMs } = this.trip;
    const { streams } = this.parts;
    const accepted = await this.accepted(vendor, turns, {
      'x-request-id': call.id,
      'x-llmhub-provider': route.vendor.id,
      ...(isSimulated && { 'x-llmhub-simulated': 'true' }),
    });
    this.committed = true;
    if (this.trip.isGreeted) {
      vendor.inbox.skipFirst();
    }
    const relay = new Relay();
    const parts: SessionParts = {
      vendorId: route.vendor.id,
      dialect,
      vendorDialect: dialectOf(route),
      turns,
      ...this.between(route),
      relay,
      messageLimitBytes: call.bodyLimitBytes,
      limitMs,
      secret,
    };
    const session = new LiveSession(accepted, vendor, parts);
    this.session = session;
    streams.add(session);
    try {
      const { outcome, errorCode, cut } = await session.run();
      this.cut = cut;
      meter.upstreamId = turns.sessionId;
      meter.isFree = true;
      meter.voice = { firstSoundMs: null, bargeInMs: null, relay: relay.facts };
      await meter.close({ status: SWITCHING, outcome, errorCode });
    } finally {
      streams.delete(session);
    }
    return null;
  }

  /** What a message needs on its way: other names, or another protocol, whose vendor writes down what is said by itself. */
  private between(route: Route): Pick<SessionParts, 'names' | 'crossing'> {
    const { call, dialect, modelAsked } = this.trip;
    const vendorDialect = dialectOf(route);
    const isOne = vendorDialect === dialect;
    return {
      names: new SessionNames({ call, route, modelAsked }, isOne),
      crossing: isOne ? null : new Crossing(dialect, vendorDialect, crossingParts(this.trip, route)),
    };
  }

  abandoned(): void {
    // A session that was not begun costs nothing.
  }

  spent(): void {
    this.trip.meter.isFree = true;
  }

  refused(): void {
    this.trip.meter.isFree = true;
  }

  private async dial(
    route: Route,
    { apiKey, signal }: Pick<Sending, 'apiKey' | 'signal'>,
  ): Promise<Pick<Begun, 'response' | 'vendor' | 'isSimulated' | 'secret'>> {
    const { meter, isTranscription } = this.trip;
    const { vendor, target, dialect } = route;
    const live = dialectOf(route);
    const endpoint = await this.parts.endpoints.openedBy(apiKey, vendor);
    const path = live.path(isTranscription ? null : target.model);
    const url = vendorUrl(endpoint.baseUrl, path, target.model);
    meter.attempts += 1;
    try {
      const { headers } = endpoint;
      const opened = await VendorSocket.open({ vendor: vendor.id, url, headers, signal }, live.isGreeted);
      if (!(opened instanceof VendorSocket) || (live.isGreeted && isError(opened.inbox.first))) {
        throw dialect.readError({ vendor: vendor.id, ...refusalOf(opened) });
      }
      const header = (name: string): string | undefined => opened.headers[name];
      return {
        response: { status: SWITCHING, header },
        vendor: opened,
        isSimulated: endpoint.simulated,
        secret: endpoint.apiKey,
      };
    } catch (error) {
      throw concealed(error, endpoint.apiKey);
    }
  }

  private async accepted(
    vendor: VendorSocket,
    turns: LiveTurns,
    headers: Readonly<Record<string, string>>,
  ): Promise<OpenedSocket> {
    try {
      return await acceptCaller(this.trip, headers);
    } catch (error) {
      vendor.socket.terminate();
      await turns.close('aborted', 'caller_left');
      throw error;
    }
  }
}

/** Only routes whose vendor can be talked to come here. */
function dialectOf({ id, vendor }: Route): LiveDialect {
  if (!vendor.live) {
    throw new Error(`'${id}' cannot be talked to.`);
  }
  return vendor.live;
}

/** A vendor may open a session only to say why there is none. */
function isError(greeting: SocketMessage | null): boolean {
  return greeting !== null && parsed(greeting.data)?.['type'] === 'error';
}

function refusalOf(opened: VendorSocket | SocketRefusal): SocketRefusal {
  if (!(opened instanceof VendorSocket)) {
    return opened;
  }
  opened.socket.terminate();
  return { status: 502, headers: {}, body: opened.inbox.first?.data.toString() ?? '' };
}
