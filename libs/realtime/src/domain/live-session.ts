import type { LiveDialect } from '@app/dialects';
import type { SocketMessage } from '@app/providers';
import { explainDepth, redact, UpstreamError, withoutSecret } from '@app/shared';
import type { WebSocket } from 'ws';
import { type CallerParts, CallerSession, type SessionEnd } from './caller-session.js';
import type { OpenedSocket } from './caller-socket.js';
import { CLOSES, hangUp, isInOrder, onClose, passedOn } from './closes.js';
import type { LiveTurns } from './live-turns.js';
import type { Crossing, Sides } from './crossing.js';
import { type Message, parsed, readMessage } from './messages.js';
import type { Relay } from './relay.js';
import type { SessionNames } from './session-names.js';

/** A vendor that is told to break off says what the answer has used. */
const LAST_WORD_MS = 2000;

export interface SessionParts extends CallerParts {
  readonly vendorId: string;
  /** The vendor's protocol. */
  readonly vendorDialect: LiveDialect;
  /** Between them; null: they are one. */
  readonly crossing: Crossing | null;
  readonly turns: LiveTurns;
  readonly names: SessionNames;
  readonly relay: Relay;
  /** The key that the vendor was shown; `''`: none. */
  readonly secret: string;
}

/** One session, from the moment both sides are there: what one says is passed on to the other, as it came. */
export class LiveSession extends CallerSession<SessionParts> {
  /** Sides that have not answered a ping. */
  private readonly silent = new Set<WebSocket>();
  /** Where a crossing sends what it makes of messages. */
  private readonly sides: Sides = {
    toCaller: message => this.toCaller(messageOf(message, this.parts.dialect)),
    toVendor: message => this.toVendor(messageOf(message, this.parts.vendorDialect)),
  };
  private lastWord: (() => void) | null = null;
  private isVendorGone = false;

  constructor(
    caller: OpenedSocket,
    private readonly vendor: OpenedSocket,
    parts: SessionParts,
  ) {
    super(caller, parts);
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

  private take(message: SocketMessage): void {
    const { crossing, dialect, turns } = this.parts;
    this.check(message);
    turns.noteSaid(message.data.length, dialect.isOnlySound(message.data));
    if (crossing) {
      crossing.fromCaller(this.admitted(readMessage(message.data)), this.sides);
      return;
    }
    const admitted = dialect.isWorthReading(message.data) ? this.renamed(message) : message;
    this.toVendor(admitted);
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
    this.tellError(error);
    this.close({ outcome: 'cut', errorCode: error.code, cut: error }, passedOn(code), error.message);
  }

  protected async release({ outcome, errorCode }: SessionEnd): Promise<void> {
    await this.hearLastWord();
    hangUp(this.vendor.socket, CLOSES.normal);
    await this.parts.turns.close(
      outcome === 'completed' ? 'aborted' : outcome,
      errorCode ?? 'session_closed',
    );
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
