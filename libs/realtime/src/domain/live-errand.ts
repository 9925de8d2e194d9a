import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import type { LiveDialect } from '@app/dialects';
import { admit, EndpointService, OpenStreams, Spending } from '@app/inference';
import { type SocketMessage, type SocketRefusal, VendorSocket, vendorUrl } from '@app/providers';
import type { Errand, Route, Sending } from '@app/routing';
import { type Call, concealed, type GatewayError } from '@app/shared';
import type { CallerSocket, OpenedSocket } from './caller-socket.js';
import { Crossing, crossingParts } from './crossing.js';
import { LiveSession } from './live-session.js';
import { LiveTurns, type TurnsParts } from './live-turns.js';
import { parsed } from './messages.js';
import { Relay } from './relay.js';
import type { Leg } from './resume/leg.js';
import { VendorLoss } from './resume/vendor-loss.js';
import type { SessionHandles } from './session-handles.js';
import { SessionNames } from './session-names.js';
import { acceptCaller } from './session-terms.js';
import { tellTranscriber } from './transcriber.js';

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
  readonly handles: SessionHandles;
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

/** One session on its way to one vendor after another, until one opens it; and again, when that one is lost. */
export class LiveErrand implements Errand<Begun> {
  readonly modelAsked;
  readonly stream = true;
  readonly inputTokens = 0;
  committed = false;
  cut: GatewayError | null = null;
  session: LiveSession | null = null;
  private lost: VendorLoss | null = null;
  /** The last connection. */
  private leg: Leg | null = null;
  private readonly relay = new Relay();

  constructor(
    private readonly parts: LiveParts,
    private readonly trip: LiveTrip,
  ) {
    this.modelAsked = trip.modelAsked;
  }

  get call(): Call {
    const { call } = this.trip;
    const { session } = this;
    return session ? { ...call, signal: AbortSignal.any([call.signal, session.gone.signal]) } : call;
  }

  /** The session was begun, and is to go on. */
  get goesOn(): boolean {
    return this.session !== null;
  }

  /** Why the session has no vendor; null: it has one, or is over. */
  get loss(): VendorLoss | null {
    return this.session?.gone.signal.aborted ? null : this.lost;
  }

  /** Whether there was an answer since the last loss. */
  get hasAnswered(): boolean {
    return this.leg?.turns.haveAnswered ?? false;
  }

  /** Where it can go on: first where something is kept of it. */
  ways(routes: readonly Route[]): readonly Route[] {
    const { leg, session } = this;
    const able = routes.filter(({ vendor }) => vendor.live === leg?.route.vendor.live);
    const isKept = ({ id }: Route): boolean => session?.isKept === true && id === leg?.route.id;
    return [...able.filter(isKept), ...able.filter(route => !isKept(route))];
  }

  async send({ route, apiKey, signal }: Sending): Promise<Begun> {
    const { call, meter, modelAsked, isTranscription } = this.trip;
    admit({ call, meter }, route);
    if (isTranscription) {
      call.permission?.assertVendor(route.vendor.id); // any of its models may write down what is said
    }
    const fail = (error: unknown): void => this.session?.fail(error);
    const turns = new LiveTurns(this.parts, { call, route, modelAsked }, fail, this.leg?.turns ?? null);
    await turns.open();
    try {
      return { ...(await this.dial(route, { apiKey, signal })), route, turns };
    } catch (error) {
      await turns.close('failed', 'not_opened');
      throw error;
    }
  }

  async answer(begun: Begun): Promise<number | null> {
    const { lost } = this;
    const leg = this.legOf(begun);
    const session = this.session ?? (await this.open(leg, begun));
    this.leg = leg;
    this.committed = true;
    if (this.trip.isGreeted && !lost) {
      leg.vendor.inbox.skipFirst();
    }
    this.lost = null;
    const left = await (lost ? session.goOn(leg, lost) : session.run());
    if (left instanceof VendorLoss) {
      this.lost = left;
      this.committed = false;
      this.cut = left.isEndOfLife ? null : left.error;
      await leg.turns.close('cut', left.error.code ?? 'vendor_lost');
    } else {
      this.cut = left.cut;
    }
    return null;
  }

  /** The session is over: what is on record of it. */
  async settle(): Promise<void> {
    const { meter } = this.trip;
    const { session } = this;
    if (session) {
      const { outcome, errorCode } = await session.ended;
      meter.upstreamId = this.leg?.turns.sessionId ?? null;
      meter.isFree = true;
      meter.voice = () => ({ firstSoundMs: null, bargeInMs: null, relay: this.relay.facts });
      await meter.close({ status: SWITCHING, outcome, errorCode });
    }
  }

  /** Nobody looks after it any more. */
  release(): void {
    if (this.session) {
      this.parts.streams.delete(this.session);
    }
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

  private legOf({ vendor, route, turns, secret }: Begun): Leg {
    const { call, dialect, modelAsked, handles } = this.trip;
    const names = new SessionNames({ call, route, modelAsked, handles }, dialectOf(route) === dialect);
    return { vendor, route, turns, names, secret };
  }

  /** The caller's side. @throws CallerLeftError */
  private async open(leg: Leg, { isSimulated }: Begun): Promise<LiveSession> {
    const { call, dialect, limitMs } = this.trip;
    const { route } = leg;
    const accepted = await this.accepted(leg, {
      'x-request-id': call.id,
      'x-llmhub-provider': route.vendor.id,
      ...(isSimulated && { 'x-llmhub-simulated': 'true' }),
    });
    const vendorDialect = dialectOf(route);
    // Who writes down what is said is the vendor's own choice then.
    const crossing =
      vendorDialect === dialect
        ? null
        : new Crossing(dialect, vendorDialect, crossingParts(this.trip, route));
    const session = new LiveSession(accepted, leg, {
      dialect,
      vendorDialect,
      crossing,
      relay: this.relay,
      messageLimitBytes: call.bodyLimitBytes,
      limitMs,
    });
    this.session = session;
    this.parts.streams.add(session);
    return session;
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
    { vendor, turns, route }: Leg,
    headers: Readonly<Record<string, string>>,
  ): Promise<OpenedSocket> {
    try {
      const { call, isTranscription, isGreeted } = this.trip;
      const accepted = await acceptCaller(this.trip, headers);
      if (isTranscription) {
        tellTranscriber(accepted.inbox, route, isGreeted || call.liveConfig != null);
      }
      return accepted;
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
