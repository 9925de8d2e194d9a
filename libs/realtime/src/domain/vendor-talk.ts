import { type CrossingParts, type LiveDialect, type LiveReplay, parseExact } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import type { Route } from '@app/routing';
import { UpstreamError } from '@app/shared';
import { Crossing, type Sides } from './crossing.js';
import { type Message, messageOf, parsed } from './messages.js';
import type { Comeback, Move } from './resume/comeback.js';
import type { SessionNames } from './session-names.js';

export interface TalkParts {
  /** The caller's protocol. */
  readonly dialect: LiveDialect;
  readonly sides: Sides;
  crossingTo(route: Route): Omit<CrossingParts, 'losses'>;
}

/** Only routes whose vendor can be talked to come here. */
export function dialectOf({ id, vendor }: Pick<Route, 'id' | 'vendor'>): LiveDialect {
  if (!vendor.live) {
    throw new Error(`'${id}' cannot be talked to.`);
  }
  return vendor.live;
}

/** What is said with the vendor of a session: in which protocol, and what of it another one would have to be told. */
export class VendorTalk {
  dialect: LiveDialect;
  /** Between caller and vendor; null: what they say is passed on as it is. */
  crossing: Crossing | null;
  private memory;

  constructor(
    private readonly parts: TalkParts,
    route: Route,
  ) {
    const { dialect } = parts;
    this.dialect = dialectOf(route);
    this.memory = this.dialect.memory();
    // Who writes down what is said is the vendor's own choice where there is one.
    this.crossing =
      this.dialect === dialect ? null : new Crossing(dialect, this.dialect, parts.crossingTo(route));
  }

  get sides(): Sides {
    return this.parts.sides;
  }

  greet(): void {
    this.crossing?.greet(this.sides);
  }

  /** An answer that nothing was heard of is waited for. */
  get isAwaited(): boolean {
    return this.memory.isAwaited;
  }

  /** The vendor can be told what is said. */
  get isReady(): boolean {
    return this.memory.isReady;
  }

  /** The vendor keeps something of it. */
  get isKept(): boolean {
    return this.memory.hasHandle;
  }

  get isToBeLeft(): boolean {
    return this.memory.isToBeLeft;
  }

  /** What a message of the vendor says of why an answer is not given, or not to its end; null: nothing. */
  failureIn(said: Message, { vendor }: Route): UpstreamError | null {
    const failure = this.dialect.failureIn(said);
    return failure && new UpstreamError({ vendor: vendor.id, upstreamStatus: failure.status, ...failure });
  }

  isEndOfLife(reason: string): boolean {
    return this.memory.isEndOfLife(reason);
  }

  /** Sound was passed on unread. @param bytes of its frame */
  noteSpoken(bytes: number): void {
    this.memory.noteSpoken(bytes);
  }

  /** What the vendor is told is remembered. @param known what the message says, where it was read @returns as it is to be told */
  remember(message: SocketMessage, known: Message | null, isSound: boolean): SocketMessage {
    if (isSound) {
      this.memory.noteSound(message.data);
    }
    const said = isSound ? null : (known ?? parsed(message.data, parseExact));
    const told = said && this.memory.noteSaid(said);
    return told === said || !told ? message : messageOf(told, this.dialect);
  }

  /** @param said what the vendor's message says @returns the same for the caller; null: it was told already, or is not to be */
  hear(message: SocketMessage, said: Message, names: SessionNames): SocketMessage | null {
    const { crossing, dialect } = this;
    const heard = this.memory.noteHeard(said);
    if (heard && crossing) {
      crossing.fromVendor(heard, this.sides);
      return null;
    }
    const shown = heard && dialect.show(heard, names);
    return shown === said ? message : shown && messageOf(shown, dialect);
  }

  /** The vendor is lost: ends for the caller what it has begun. */
  breakOff(): void {
    const { crossing, sides } = this;
    const endings = this.memory.breakOff(crossing !== null);
    endings.forEach(message => (crossing ? crossing.fromVendor(message, sides) : sides.toCaller(message)));
  }

  /** From one connection to the next. @throws GatewayError (400, 403) for what the vendor there may not be asked */
  moveTo(move: Move): Comeback {
    const { leg, before, loss } = move;
    const { vendor, target, id } = leg.route;
    const replay = this.memory.reopen({
      model: target.model,
      isSame: id === before.route.id && leg.secret === before.secret,
      admit: (said: Message) => this.dialect.admit(said, leg.names),
    });
    const { by, lost } = replay;
    const told = { from: before.route.vendor.id, to: vendor.id, reason: loss.error.message, by, lost };
    return dialectOf(leg.route) === this.dialect
      ? { replay, told, shown: [], isTranslated: false }
      : { ...this.translated(replay, move), told };
  }

  /** To a vendor of another protocol: the replay is read like a caller's words, and told in those of the vendor. */
  private translated(
    replay: LiveReplay,
    { leg, isBegun }: Move,
  ): Pick<Comeback, 'replay' | 'shown' | 'isTranslated'> {
    const { dialect: from, crossing, parts } = this;
    const said = [...replay.opening, ...replay.rest].flatMap(one =>
      Buffer.isBuffer(one) ? [parsed(one) ?? {}] : [one],
    );
    const to = dialectOf(leg.route);
    const about = parts.crossingTo(leg.route);
    this.crossing = crossing ?? new Crossing(parts.dialect, to, about, isBegun);
    const { told, shown } = crossing
      ? { told: crossing.moveTo(to, about, { said, from }), shown: [] }
      : this.crossing.takeOver(said, replay.unconfirmed);
    this.dialect = to;
    this.memory = to.memory();
    const greetsAt = to.isGreeted ? 0 : 1; // it is told its setup first
    const rest = { opening: told.slice(0, greetsAt), rest: told.slice(greetsAt) };
    return { replay: { ...rest, asksAgain: replay.asksAgain }, shown, isTranslated: true };
  }
}
