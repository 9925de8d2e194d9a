import { CallerLeftError } from '@app/inference';
import type { SocketMessage } from '@app/providers';
import { judge } from '@app/routing';
import { explainDepth, redact, UpstreamError } from '@app/shared';
import { type CallerParts, CallerSession, type SessionEnd } from './caller-session.js';
import type { OpenedSocket } from './caller-socket.js';
import { CallerWords } from './caller-words.js';
import { CLOSES, hangUp, isInOrder, isUp, onClose } from './closes.js';
import { LastWord } from './last-word.js';
import { harmless, type Message, messageOf, parsed } from './messages.js';
import type { Relay } from './relay.js';
import { AnswerWait } from './resume/answer-wait.js';
import type { Comeback } from './resume/comeback.js';
import { leaveInTime } from './resume/leave-in-time.js';
import type { Leg } from './resume/leg.js';
import { VendorLoss } from './resume/vendor-loss.js';
import { WaitingRoom } from './resume/waiting-room.js';
import { type TalkParts, VendorTalk } from './vendor-talk.js';

export interface SessionParts extends CallerParts, Pick<TalkParts, 'crossingTo'> {
  readonly relay: Relay;
  /** For how long the first sound or word of an answer is waited for, in ms; null: as long as it takes. */
  readonly firstTokenMs: number | null;
  /** Whether another vendor may be asked for the answer that this one fails. */
  isElsewhere(leg: Leg): boolean;
}

/** One session, from the moment both sides are there: what one says is passed on to the other, as it came. */
export class LiveSession extends CallerSession<SessionParts> {
  /** Aborted when it is over. */
  readonly gone = new AbortController();
  private readonly talk: VendorTalk;
  private readonly words: CallerWords;
  private readonly lastWord = new LastWord();
  /** Settled when its vendor is lost. */
  private losing = Promise.withResolvers<VendorLoss>();
  /** A new connection that does not know the conversation yet. */
  private comeback: Comeback | null = null;
  private readonly waiting: WaitingRoom;
  private readonly wait: AnswerWait;
  /** The vendor is lost, and no other one found. */
  private isLost = false;

  constructor(
    caller: OpenedSocket,
    private leg: Leg,
    parts: SessionParts,
  ) {
    super(caller, parts);
    const sides = {
      toCaller: (message: Message) => this.toCaller(messageOf(message, parts.dialect)),
      toVendor: (said: Message) => this.tell(messageOf(said, this.talk.dialect), said),
    };
    this.talk = new VendorTalk({ ...parts, sides }, leg.route);
    this.words = new CallerWords(parts.dialect, this.talk, (...said) => this.tell(...said));
    this.waiting = new WaitingRoom(caller.socket);
    this.wait = new AnswerWait(parts.firstTokenMs, ms => this.leave(this.leg.turns.giveUp(ms)));
  }

  /** Resolves when its vendor is lost; or, with its end, when both sides are closed and all that was used is on record. */
  run(): Promise<VendorLoss | SessionEnd> {
    const { caller } = this;
    this.heartbeat.watch(caller.socket);
    onClose(caller.socket, code => this.callerLeft(code));
    this.talk.greet();
    this.listen();
    caller.inbox.listen(message => this.fromCaller(message));
    return this.lossOrEnd();
  }

  /** Goes on at another connection, after its vendor was lost. As `run`. */
  goOn(leg: Leg, loss: VendorLoss): Promise<VendorLoss | SessionEnd> {
    const { leg: before, isBegun } = this;
    this.leg = leg;
    this.isLost = false;
    this.losing = Promise.withResolvers();
    try {
      const comeback = this.talk.moveTo({ leg, before, loss, isBegun });
      this.comeback = comeback;
      comeback.replay.opening.forEach(said => this.say(said, comeback));
      this.listen();
      if (comeback.replay.opening.length === 0 && !this.talk.dialect.isGreeted) {
        this.cameBack(comeback); // nobody has said anything yet, so that it says nothing either
      }
    } catch (error) {
      this.fail(error); // what the caller settled is not for its key there
    }
    return this.lossOrEnd();
  }

  /** Its vendor keeps something of it. */
  get isKept(): boolean {
    return this.talk.isKept;
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
    inbox.listen(message => this.fromVendor(leg, message));
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
      this.check(message);
      const paying = this.words.take(message, this.leg);
      if (paying) {
        void paying.then(() => this.letIn());
        return this.waiting.add(message);
      }
      this.wait.follow(this.talk.isAwaited);
      this.lastSentAt = performance.now();
    } catch (thrown) {
      this.refuse(explainDepth(thrown));
    }
  }

  /** The vendor is told, and what it is told is remembered. @param known what the message says, where it was read */
  private tell(
    message: SocketMessage,
    known: Message | null,
    isSound = this.talk.dialect.isOnlySound(message.data),
  ): void {
    this.send(this.talk.remember(message, known, isSound));
  }

  /** When the caller is gone, its answer may still be on its way, and is paid for. */
  private fromVendor(leg: Leg, message: SocketMessage): void {
    if (leg !== this.leg || this.isLost) {
      return; // it was left
    }
    const { talk } = this;
    this.parts.relay.arrived();
    this.lastSentAt = performance.now();
    const isSound = talk.dialect.isOnlySound(message.data);
    if (isSound && !leg.turns.areAwaited && !talk.crossing) {
      this.toCaller(message);
      leg.turns.noteSound(message.data.length);
      talk.noteSpoken(message.data.length);
      return;
    }
    try {
      this.hear(isSound ? message : harmless(message, leg.secret));
    } catch (error) {
      this.fail(error);
    }
    if (!leg.turns.areUnderWay && !leg.turns.areSpeechesUnderWay) {
      this.lastWord.hear();
    }
  }

  private hear(message: SocketMessage): void {
    const { leg, talk, wait } = this;
    const said = parsed(message.data) ?? {};
    const news = talk.dialect.readVendor(said);
    const { isAwaited } = talk;
    const failure = this.end ? null : talk.failureIn(said, leg.route);
    if (failure && isAwaited && judge(failure).elsewhere && this.parts.isElsewhere(leg)) {
      news.forEach(each => leg.turns.hear(each));
      return this.leave(failure);
    }
    const shown = talk.hear(message, said, leg.names);
    if (shown) {
      this.toCaller(shown);
    }
    news.forEach(each => leg.turns.hear(each));
    leaveInTime(leg, talk);
    if (this.comeback && talk.isReady) {
      this.cameBack(this.comeback);
    }
    wait.follow(talk.isAwaited);
    if (failure) {
      leg.noteFailure(failure);
    }
    if (failure && isAwaited) {
      wait.excuse(); // nobody tells of what it is
    }
  }

  private cameBack(comeback: Comeback): void {
    const { dialect } = this.parts;
    const { replay, told, shown } = comeback;
    this.comeback = null;
    [dialect.writeResumed(told), ...shown].forEach(message => this.toCaller(messageOf(message, dialect)));
    this.talk.crossing?.tellLosses(this.talk.sides);
    replay.rest.forEach(said => this.say(said, comeback));
    if (replay.asksAgain) {
      this.leg.turns.asked();
    }
    this.letIn();
  }

  /** Of a replay. */
  private say(said: Message | Buffer, { isTranslated }: Comeback): void {
    const { talk } = this;
    const { isBinary } = talk.dialect;
    const isFrame = Buffer.isBuffer(said);
    const message = isFrame ? { data: said, isBinary } : messageOf(said, talk.dialect);
    if (isTranslated) {
      this.tell(message, isFrame ? null : said);
    } else {
      this.send(message);
    }
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
    if (this.end || leg !== this.leg || this.isLost) {
      return;
    }
    const { isAwaited } = this.talk;
    const isEndOfLife = this.talk.isEndOfLife(reason);
    const owesMore = isEndOfLife || (isAwaited && this.parts.isElsewhere(leg));
    if (isInOrder(code) && !owesMore) {
      this.close({ outcome: 'completed', errorCode: null, cut: null }, CLOSES.normal, redact(reason));
      return;
    }
    const loss = VendorLoss.closed(leg, { code, reason, isEndOfLife }, isAwaited);
    if (loss.facts.isRefusal && !this.comeback) {
      this.giveUp(loss, null); // whoever is told the same refuses it, too
      return;
    }
    this.lose(loss);
  }

  /** Its vendor is there, and does not answer. */
  private leave(error: UpstreamError): void {
    this.lose(VendorLoss.unanswered(error));
    hangUp(this.leg.vendor.socket, CLOSES.normal);
  }

  private lose(loss: VendorLoss): void {
    this.isLost = true;
    this.comeback = null;
    this.wait.stop();
    this.talk.breakOff();
    this.losing.resolve(loss);
  }

  /** There is no other vendor. @param why of the last attempt; null: none was made */
  giveUp(loss: VendorLoss, why: string | null): void {
    const error = loss.asEnd(why);
    if (!this.end) {
      this.tellEnd(error);
      this.close({ outcome: 'cut', errorCode: error.code, cut: error }, loss.facts.code, error.message);
    }
  }

  protected async release({ outcome, errorCode }: SessionEnd): Promise<void> {
    this.wait.stop();
    this.gone.abort(new CallerLeftError());
    await this.lastWord.of(this.leg, this.talk.dialect);
    hangUp(this.leg.vendor.socket, CLOSES.normal);
    await this.leg.turns.close(outcome === 'completed' ? 'aborted' : outcome, errorCode ?? 'session_closed');
  }
}
