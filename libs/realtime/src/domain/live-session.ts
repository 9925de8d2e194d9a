import type { Outcome } from '@app/analytics';
import type { LiveDialect, LiveNames } from '@app/dialects';
import type { OpenStream } from '@app/inference';
import type { SocketMessage } from '@app/providers';
import { explainDepth, GatewayError, InternalError, redact, UpstreamError, withoutSecret } from '@app/shared';
import { WebSocket } from 'ws';
import type { OpenedSocket } from './caller-socket.js';
import { CLOSES, hangUp, isInOrder, onClose, passedOn } from './closes.js';
import type { LiveTurns } from './live-turns.js';
import type { Crossing, Sides } from './crossing.js';
import { type Message, parsed, readMessage } from './messages.js';
import { MessageTooLargeError, NoJsonMessageError, SessionExpiredError } from './realtime.errors.js';
import type { Relay } from './relay.js';

/** A vendor that is told to break off says what the answer has used. */
const LAST_WORD_MS = 2000;

export interface SessionEnd {
  readonly outcome: Outcome;
  readonly errorCode: string | null;
  /** What broke it off at the vendor; null: nothing did. */
  readonly cut: GatewayError | null;
}

export interface SessionParts {
  readonly vendorId: string;
  /** The caller's protocol. */
  readonly dialect: LiveDialect;
  /** The vendor's. */
  readonly vendorDialect: LiveDialect;
  /** Between them; null: they are one. */
  readonly crossing: Crossing | null;
  readonly turns: LiveTurns;
  readonly names: LiveNames & { isChanged: boolean };
  readonly relay: Relay;
  readonly messageLimitBytes: number;
  readonly limitMs: number;
  /** The key that the vendor was shown; `''`: none. */
  readonly secret: string;
}

/** One session, from the moment both sides are there: what one says is passed on to the other, as it came. */
export class LiveSession implements OpenStream {
  /** Something was last passed on, or a side was asked whether it is still there. */
  lastSentAt = performance.now();
  private readonly over = Promise.withResolvers<SessionEnd>();
  private readonly expiry: NodeJS.Timeout;
  private end: SessionEnd | null = null;
  /** Sides that have not answered a ping. */
  private readonly silent = new Set<WebSocket>();
  /** Where a crossing sends what it makes of messages. */
  private readonly sides: Sides = {
    toCaller: message => this.toCaller(messageOf(message, this.parts.dialect)),
    toVendor: message => this.toVendor(messageOf(message, this.parts.vendorDialect)),
  };
  private lastWord: (() => void) | null = null;
  private isVendorGone = false;
  /** What nobody expected, and the log is to tell. */
  private mistake: { readonly error: unknown } | null = null;

  constructor(
    private readonly caller: OpenedSocket,
    private readonly vendor: OpenedSocket,
    private readonly parts: SessionParts,
  ) {
    const { limitMs } = parts;
    this.expiry = setTimeout(() => this.terminate(new SessionExpiredError(limitMs / 1000)), limitMs);
  }

  /** Resolves when both sides are closed, and all that was used is on record. */
  run(): Promise<SessionEnd> {
    const { caller, vendor } = this;
    for (const { socket } of [caller, vendor]) {
      socket.on('pong', () => this.silent.delete(socket));
    }
    onClose(vendor.socket, (code, reason) => this.vendorLeft(code, reason));
    onClose(caller.socket, code => this.callerLeft(code));
    this.parts.crossing?.greet(this.sides);
    vendor.inbox.listen(message => this.fromVendor(message));
    caller.inbox.listen(message => this.fromCaller(message));
    return this.over.promise;
  }

  ping(): void {
    this.lastSentAt = performance.now();
    for (const { socket } of [this.caller, this.vendor]) {
      if (this.silent.has(socket)) {
        socket.terminate(); // not even its system answers
      } else {
        this.silent.add(socket);
        socket.ping();
      }
    }
  }

  /** Ends it with an event. */
  terminate(error: GatewayError, code: number = CLOSES.policy): void {
    if (!this.end) {
      this.tell(error);
      const close = error.status === 503 ? CLOSES.goingAway : code;
      this.close({ outcome: 'cut', errorCode: error.code, cut: null }, close, error.message);
    }
  }

  /** Ends it, whatever has gone wrong. */
  fail(error: unknown): void {
    if (error instanceof GatewayError) {
      this.terminate(error);
      return;
    }
    this.mistake ??= { error };
    this.terminate(new InternalError(), CLOSES.failure);
  }

  private fromCaller(message: SocketMessage): void {
    if (this.end) {
      return;
    }
    this.parts.relay.arrived();
    try {
      this.take(message);
      this.lastSentAt = performance.now();
    } catch (thrown) {
      this.refuse(explainDepth(thrown));
    }
  }

  private refuse(error: unknown): void {
    if (error instanceof MessageTooLargeError) {
      this.terminate(error, CLOSES.tooBig);
    } else if (!(error instanceof GatewayError) || !this.tell(error)) {
      this.fail(error);
    }
  }

  private take(message: SocketMessage): void {
    const { crossing, dialect } = this.parts;
    this.check(message);
    if (crossing) {
      crossing.fromCaller(this.admitted(readMessage(message.data)), this.sides);
      return;
    }
    const admitted = dialect.isWorthReading(message.data) ? this.renamed(message) : message;
    this.toVendor(admitted);
  }

  private check({ data, isBinary }: SocketMessage): void {
    const { dialect, turns, messageLimitBytes } = this.parts;
    if (data.length > messageLimitBytes) {
      throw new MessageTooLargeError(messageLimitBytes);
    }
    if (isBinary && !dialect.isBinary) {
      throw new NoJsonMessageError(); // who is behind may read it in another encoding
    }
    turns.noteSaid(data.length, dialect.isOnlySound(data));
  }

  private renamed(message: SocketMessage): SocketMessage {
    const { names } = this.parts;
    names.isChanged = false;
    const admitted = this.admitted(readMessage(message.data));
    return names.isChanged ? { ...message, data: Buffer.from(JSON.stringify(admitted)) } : message;
  }

  private admitted(said: Message): Message {
    const { dialect, names, turns } = this.parts;
    const admitted = dialect.admit(said, names);
    if (dialect.asksForAnswer(said)) {
      turns.asked();
    }
    if (dialect.speaksUp(said)) {
      turns.spokenOver();
    }
    return admitted;
  }

  /** When the caller is gone, its answer may still be on its way, and is paid for. */
  private fromVendor(message: SocketMessage): void {
    const { vendorDialect, crossing, relay, turns } = this.parts;
    const { data } = message;
    relay.arrived();
    const isSound = vendorDialect.isOnlySound(data);
    const harmless = isSound ? message : this.harmless(message);
    if (!crossing) {
      this.toCaller(harmless);
    }
    this.lastSentAt = performance.now();
    if (isSound && !turns.areAwaited && !crossing) {
      turns.noteSound(data.length);
      return;
    }
    try {
      const said = parsed(harmless.data) ?? {};
      vendorDialect.readVendor(said).forEach(news => turns.hear(news));
      crossing?.fromVendor(said, this.sides);
    } catch (error) {
      this.fail(error);
    }
    if (!turns.areUnderWay) {
      this.lastWord?.();
    }
  }

  private toCaller(message: SocketMessage): void {
    this.parts.relay.pass(this.vendor.socket, this.caller.socket, message);
  }

  private toVendor(message: SocketMessage): void {
    this.parts.relay.pass(this.caller.socket, this.vendor.socket, message);
  }

  /** Vendors have repeated the key that they were shown, in what they say of it. */
  private harmless(message: SocketMessage): SocketMessage {
    const { secret } = this.parts;
    return secret !== '' && message.data.includes(secret)
      ? { ...message, data: Buffer.from(withoutSecret(message.data.toString(), secret)) }
      : message;
  }

  private callerLeft(code: number): void {
    const isLost = !isInOrder(code);
    this.close(
      { outcome: isLost ? 'aborted' : 'completed', errorCode: isLost ? 'caller_left' : null, cut: null },
      CLOSES.normal,
    );
  }

  private vendorLeft(code: number, reason: string): void {
    this.lastWord?.();
    this.isVendorGone = true;
    if (this.end) {
      return;
    }
    if (isInOrder(code)) {
      this.close({ outcome: 'completed', errorCode: null, cut: null }, CLOSES.normal, redact(reason));
      return;
    }
    const { vendorId, secret } = this.parts;
    const why = reason === '' ? '' : `: ${withoutSecret(reason, secret)}`;
    const message = `The vendor '${vendorId}' closed the session (${code})${why}`;
    const error = new UpstreamError({ vendor: vendorId, upstreamStatus: null, message });
    this.tell(error);
    this.close({ outcome: 'cut', errorCode: error.code, cut: error }, passedOn(code), error.message);
  }

  /** False where the protocol has no event for it. */
  private tell(error: GatewayError): boolean {
    const { dialect } = this.parts;
    const { socket } = this.caller;
    const event = dialect.writeError(error);
    if (event !== null && socket.readyState === WebSocket.OPEN) {
      socket.send(event, { binary: dialect.isBinary });
    }
    return event !== null;
  }

  /** Only the first word counts. @param code that the caller is told */
  private close(end: SessionEnd, code: number, reason = ''): void {
    if (!this.end) {
      this.end = end;
      clearTimeout(this.expiry);
      hangUp(this.caller.socket, code, reason);
      this.settle(end).then(this.over.resolve, this.over.reject);
    }
  }

  private async settle(end: SessionEnd): Promise<SessionEnd> {
    await this.hearLastWord();
    hangUp(this.vendor.socket, CLOSES.normal);
    const how = end.outcome === 'completed' ? 'aborted' : end.outcome;
    await this.parts.turns.close(how, end.errorCode ?? 'session_closed');
    if (this.mistake) {
      throw this.mistake.error;
    }
    return end;
  }

  /** What an answer that nobody waits for has used, its vendor tells when it is told to break off. */
  private async hearLastWord(): Promise<void> {
    const { vendorDialect, turns } = this.parts;
    if (vendorDialect.cancel === null || !turns.areUnderWay || this.isVendorGone) {
      return;
    }
    this.vendor.socket.send(vendorDialect.cancel, () => undefined);
    await new Promise<void>(resolve => {
      const late = setTimeout(resolve, LAST_WORD_MS);
      this.lastWord = () => {
        clearTimeout(late);
        resolve();
      };
    });
  }
}

function messageOf(message: Message, { isBinary }: LiveDialect): SocketMessage {
  return { data: Buffer.from(JSON.stringify(message)), isBinary };
}
