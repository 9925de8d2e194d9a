import { Injectable } from '@nestjs/common';
import { type CallMeter, Metering } from '@app/analytics';
import type { LiveDialect } from '@app/dialects';
import { admit, EndpointService, OpenStreams, Spending } from '@app/inference';
import type { VendorSocket } from '@app/providers';
import { attemptLimits, type Errand, type PlannedCall, type Route, type Sending } from '@app/routing';
import type { Call, GatewayError } from '@app/shared';
import type { CallerSocket, OpenedSocket } from './caller-socket.js';
import { crossingParts } from './crossing.js';
import { dial, type Dialled } from './dial.js';
import { LiveSession } from './live-session.js';
import { LiveTurns, type TurnsParts } from './live-turns.js';
import { Relay } from './relay.js';
import type { Leg } from './resume/leg.js';
import { SessionWays } from './resume/session-ways.js';
import { VendorLoss } from './resume/vendor-loss.js';
import type { SessionHandles } from './session-handles.js';
import { SessionNames } from './session-names.js';
import { acceptCaller } from './session-terms.js';
import { tellTranscriber } from './transcriber.js';
import { dialectOf } from './vendor-talk.js';

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

interface Begun extends Pick<Leg, 'noteFailure'> {
  readonly response: { readonly status: number; readonly header: Dialled['header'] };
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
  private readonly targets: SessionWays;

  constructor(
    private readonly parts: LiveParts,
    private readonly trip: LiveTrip,
    private readonly planned: Pick<PlannedCall, 'routes' | 'options'>,
  ) {
    this.modelAsked = trip.modelAsked;
    this.targets = new SessionWays(planned.routes);
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

  /** How often a vendor was asked for a connection. */
  get attempts(): number {
    return this.trip.meter.attempts;
  }

  /** Where it can go on. */
  get ways(): readonly Route[] {
    const { leg, session } = this;
    return this.targets.from((session?.isKept && leg?.route.id) || null);
  }

  async send({ route, apiKey, signal, noteFailure }: Sending): Promise<Begun> {
    const { call, meter, modelAsked, isTranscription } = this.trip;
    admit({ call, meter }, route);
    if (isTranscription) {
      call.permission?.assertVendor(route.vendor.id); // any of its models may write down what is said
    }
    const fail = (error: unknown): void => this.session?.fail(error);
    const turns = new LiveTurns(this.parts, { call, route, modelAsked }, fail, this.leg?.turns ?? null);
    await turns.open();
    try {
      const endpoint = await this.parts.endpoints.openedBy(apiKey, route.vendor);
      this.trip.meter.attempts += 1;
      const { vendor, header } = await dial(route, endpoint, { isTranscription, signal });
      const { simulated: isSimulated, apiKey: secret } = endpoint;
      const response = { status: SWITCHING, header };
      return { response, vendor, isSimulated, secret, route, turns, noteFailure };
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
      this.cut = left.facts.isEndOfLife ? null : left.error;
      if (left.facts.isOfAnswer) {
        this.targets.noteFailed(leg);
      }
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

  private legOf({ vendor, route, turns, secret, noteFailure }: Begun): Leg {
    const { call, dialect, modelAsked, handles } = this.trip;
    const names = new SessionNames({ call, route, modelAsked, handles }, dialectOf(route) === dialect);
    return { vendor, route, turns, names, secret, noteFailure };
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
    const session = new LiveSession(accepted, leg, {
      dialect,
      crossingTo: to => crossingParts(this.trip, to),
      relay: this.relay,
      firstTokenMs: firstTokenMs(this.planned.options),
      isElsewhere: from => this.targets.areLeft(from),
      messageLimitBytes: call.bodyLimitBytes,
      limitMs,
    });
    this.session = session;
    this.parts.streams.add(session);
    return session;
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

function firstTokenMs(options: PlannedCall['options']): number | null {
  return attemptLimits(options, options.totalMs ?? Infinity).firstTokenMs;
}
