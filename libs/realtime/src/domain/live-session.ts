import { type LiveDialect, type LiveMemory, parseExact } from '@app/dialects';
import { CallerLeftError } from '@app/inference';
import type { SocketMessage } from '@app/providers';
import { explainDepth, redact } from '@app/shared';
import { type CallerParts, CallerSession, type SessionEnd } from './caller-session.js';
import type { OpenedSocket } from './caller-socket.js';
import { CLOSES, hangUp, isInOrder, isUp, onClose } from './closes.js';
import type { Crossing, Sides } from './crossing.js';
import { LastWord } from './last-word.js';
import { harmless, type Message, messageOf, parsed, readMessage } from './messages.js';
import type { Relay } from './relay.js';
import { type Comeback, comebackTo } from './resume/comeback.js';
import { leaveInTime } from './resume/leave-in-time.js';
import type { Leg } from './resume/leg.js';
import { VendorLoss } from './resume/vendor-loss.js';
import { WaitingRoom } from './resume/waiting-room.js';

export interface SessionParts extends CallerParts {
  /** The vendors' protocol. */
  readonly vendorDialect: LiveDialect;
  /** Between them; null: they are one. */
  readonly crossing: Crossing | null;
  readonly relay: Relay;
}

/** One session, from the moment both sides are there: what one says is passed on to the other, as it came. */
export class LiveSession extends CallerSession<SessionParts> {
  /** Aborted when it is over. */
  readonly gone = new AbortController();
  private readonly memory: LiveMemory;
  /** Where a crossing sends what it makes of messages. */
  private readonly sides: Sides = {
    toCaller: message => this.toCaller(messageOf(message, this.parts.dialect)),
    toVendor: said => this.tell(messageOf(said, this.parts.vendorDialect), said),
  };
  private readonly lastWord = new LastWord();
  /** Settled when its vendor is lost. */
  private losing = Promise.withResolvers<VendorLoss>();
  /** A new connection that does not know the conversation yet. */
  private comeback: Comeback | null = null;
  private readonly waiting: WaitingRoom;

  constructor(
    caller: OpenedSocket,
    private leg: Leg,
    parts: SessionParts,
  ) {
    super(caller, parts);
    this.memory = parts.vendorDialect.memory();
    this.waiting = new WaitingRoom(caller.socket);
  }

  /** Resolves when its vendor is lost; or, with its end, when both sides are closed and all that was used is on record. */
  run(): Promise<VendorLoss | SessionEnd> {
    const { caller } = this;
    this.heartbeat.watch(caller.socket);
    onClose(caller.socket, code => this.callerLeft(code));
    this.parts.crossing?.greet(this.sides);
    this.listen();
    caller.inbox.listen(message => this.fromCaller(message));
    return this.lossOrEnd();
  }

  /** Goes on at another connection, after its vendor was lost. As `run`. */
  goOn(leg: Leg, loss: VendorLoss): Promise<VendorLoss | SessionEnd> {
    const { vendorDialect } = this.parts;
    const { leg: before } = this;
    this.leg = leg;
    this.losing = Promise.withResolvers();
    try {
      this.comeback = comebackTo({ leg, before, loss }, this.memory, vendorDialect);
      this.comeback.replay.opening.forEach(message => this.send(messageOf(message, vendorDialect)));
      this.listen();
    } catch (error) {
      this.fail(error); // what the caller settled is not for its key there
    }
    return this.lossOrEnd();
  }

  /** Its vendor keeps something of it. */
  get isKept(): boolean {
    return this.memory.hasHandle;
  }

  ping(): void {
    this.lastSentAt = performance.now();
    if (!this.waiting.isFull) {
      this.heartbeat.ping(this.caller.socket);
    }
    if (isUp(this.leg.vendor.socket)) {
      this.heartbeat.ping(this.leg.vendor.socket);
    }
  }

  private lossOrEnd(): Promise<VendorLoss | SessionEnd> {
    return Promise.race([this.losing.promise, this.over.promise]);
  }

  private listen(): void {
    const { leg } = this;
    const { socket, inbox } = leg.vendor;
    this.heartbeat.watch(socket);
    onClose(socket, (code, reason) => this.vendorLeft(leg, code, reason));
    inbox.listen(message => this.fromVendor(message));
  }

  /** The vendor can be told what is said. */
  private get isOpen(): boolean {
    const { vendor, turns } = this.leg;
    return isUp(vendor.socket) && !this.comeback && !turns.isPaying;
  }

  private fromCaller(message: SocketMessage): void {
    if (this.end) {
      return;
    }
    if (!this.isOpen) {
      return this.waiting.add(message);
    }
    this.parts.relay.arrived();
    try {
      this.take(message);
      this.lastSentAt = performance.now();
    } catch (thrown) {
      this.refuse(explainDepth(thrown));
    }
  }

  private take(message: SocketMessage): void {
    const { crossing, dialect } = this.parts;
    const { data } = message;
    this.check(message);
    const isSound = dialect.isOnlySound(data);
    this.leg.turns.noteSaid(data, isSound, dialect);
    if (crossing) {
      crossing.fromCaller(this.admitted(readMessage(data)), this.sides);
    } else if (dialect.isWorthReading(data)) {
      this.tellRenamed(message, isSound);
    } else {
      this.tell(message, null, isSound);
    }
  }

  private tellRenamed(message: SocketMessage, isSound: boolean): void {
    const { names, turns } = this.leg;
    const read = readMessage(message.data);
    const paying = this.parts.dialect.endsSpeech(read) ? turns.paySpeech() : null;
    if (paying) {
      void paying.then(() => this.letIn());
      return this.waiting.add(message);
    }
    names.isChanged = false;
    const said = this.admitted(read);
    this.tell(names.isChanged ? messageOf(said, this.parts.dialect) : message, said, isSound);
  }

  private admitted(said: Message): Message {
    const { dialect } = this.parts;
    const { names, turns } = this.leg;
    const admitted = dialect.admit(said, names);
    if (dialect.asksForAnswer(said)) {
      turns.asked();
    }
    if (dialect.speaksUp(said)) {
      turns.spokenOver();
    }
    return admitted;
  }

  /** The vendor is told, and what it is told is remembered. @param known what the message says, where it was read */
  private tell(
    message: SocketMessage,
    known: Message | null,
    isSound = this.parts.vendorDialect.isOnlySound(message.data),
  ): void {
    if (isSound) {
      this.memory.noteSound(message.data);
    }
    const said = isSound ? null : (known ?? parsed(message.data, parseExact));
    const told = said && this.memory.noteSaid(said);
    this.send(told === said || !told ? message : messageOf(told, this.parts.vendorDialect));
  }

  /** When the caller is gone, its answer may still be on its way, and is paid for. */
  private fromVendor(message: SocketMessage): void {
    const { vendorDialect, crossing, relay } = this.parts;
    const { turns } = this.leg;
    const { data } = message;
    relay.arrived();
    this.lastSentAt = performance.now();
    const isSound = vendorDialect.isOnlySound(data);
    if (isSound && !turns.areAwaited && !crossing) {
      this.toCaller(message);
      turns.noteSound(data.length);
      this.memory.noteSpoken(data.length);
      return;
    }
    try {
      this.hear(isSound ? message : harmless(message, this.leg.secret));
    } catch (error) {
      this.fail(error);
    }
    if (!turns.areUnderWay && !turns.areSpeechesUnderWay) {
      this.lastWord.hear();
    }
  }

  private hear(message: SocketMessage): void {
    const { vendorDialect, crossing } = this.parts;
    const said = parsed(message.data) ?? {};
    const heard = this.memory.noteHeard(said);
    if (heard && crossing) {
      crossing.fromVendor(heard, this.sides);
    } else if (heard) {
      const shown = vendorDialect.show(heard, this.leg.names);
      this.toCaller(shown === said ? message : messageOf(shown, vendorDialect));
    }
    vendorDialect.readVendor(said).forEach(news => this.leg.turns.hear(news));
    leaveInTime(this.leg, this.memory);
    if (this.comeback && this.memory.isReady) {
      this.cameBack(this.comeback);
    }
  }

  private cameBack({ replay, told }: Comeback): void {
    const { dialect, vendorDialect } = this.parts;
    this.comeback = null;
    this.toCaller(messageOf(dialect.writeResumed(told), dialect));
    for (const said of replay.rest) {
      const isFrame = Buffer.isBuffer(said);
      this.send(isFrame ? { data: said, isBinary: vendorDialect.isBinary } : messageOf(said, vendorDialect));
    }
    if (replay.asksAgain) {
      this.leg.turns.asked();
    }
    this.letIn();
  }

  /** Who waited is heard. */
  private letIn(): void {
    if (this.isOpen) {
      this.waiting.empty(message => this.fromCaller(message));
    }
  }

  private toCaller(message: SocketMessage): void {
    this.isBegun = true;
    this.parts.relay.pass(this.leg.vendor.socket, this.caller.socket, message);
  }

  private send(message: SocketMessage): void {
    this.parts.relay.pass(this.caller.socket, this.leg.vendor.socket, message);
  }

  private vendorLeft(leg: Leg, code: number, reason: string): void {
    this.lastWord.hear();
    if (this.end) {
      return;
    }
    const isEndOfLife = this.memory.isEndOfLife(reason);
    if (isInOrder(code) && !isEndOfLife) {
      this.close({ outcome: 'completed', errorCode: null, cut: null }, CLOSES.normal, redact(reason));
      return;
    }
    const loss = new VendorLoss(leg, { code, reason, isEndOfLife });
    if (loss.isRefusal && !this.comeback) {
      this.giveUp(loss, null); // whoever is told the same refuses it, too
      return;
    }
    this.breakOff();
    this.losing.resolve(loss);
  }

  /** Ends for the caller what the vendor has begun. */
  private breakOff(): void {
    const { crossing, dialect } = this.parts;
    this.comeback = null;
    const show = crossing
      ? (message: Message) => crossing.fromVendor(message, this.sides)
      : (message: Message) => this.toCaller(messageOf(message, dialect));
    this.memory.breakOff(crossing !== null).forEach(show);
  }

  /** There is no other vendor. @param why of the last attempt; null: none was made */
  giveUp(loss: VendorLoss, why: string | null): void {
    const error = loss.asEnd(why);
    if (!this.end) {
      this.tellEnd(error);
      this.close({ outcome: 'cut', errorCode: error.code, cut: error }, loss.code, error.message);
    }
  }

  protected async release({ outcome, errorCode }: SessionEnd): Promise<void> {
    this.gone.abort(new CallerLeftError());
    await this.lastWord.of(this.leg, this.parts.vendorDialect);
    hangUp(this.leg.vendor.socket, CLOSES.normal);
    await this.leg.turns.close(outcome === 'completed' ? 'aborted' : outcome, errorCode ?? 'session_closed');
  }
}
